/** Differences that remain on BoringSSL: the checks and fields that they concern, and why. docs/checks.md has them for readers. */
const known: { check: RegExp; field: RegExp; why: string }[] = [
  {
    check: /(?:staple|stapled answer|issuer delegated).*\(full\)$/,
    field: /^(?:status|problems|revocation)/,
    why: 'Bun shows no stapled answer (OCSPResponse); Electron does',
  },
  {
    check: /^a key usage .*\(full\)$/,
    field: /./,
    why: 'BoringSSL ends the handshake over the key usage; the light reader, which is the default, reads it',
  },
  {
    check: /^a (?:brainpool leaf|secp256k1 leaf|leaf with a key of (?:secp256k1|brainpool256)) \(full\)$/,
    field: /./,
    why: 'BoringSSL agrees on no signature by this key; the light reader, which is the default, shows the certificate',
  },
  {
    check: /^a (?:brainpool leaf|secp256k1 leaf|leaf with a key of (?:secp256k1|brainpool256)) \(light\)$/,
    field: /^problems/,
    why: 'the proof of this key cannot be verified: key-not-proven beside unsupported-key',
  },
  {
    check: /^DHE .*\(full\)$/,
    field: /./,
    why: 'BoringSSL has no DHE; the light reader, which is the default, reads it',
  },
  {
    check: /^client certificate required, TLS 1\.2 \(full\)$/,
    field: /^transparency\.isComplete$/,
    why: 'the light reader takes over, and sees the TLS extension too',
  },
];

/** Returns why a field of a check differs on BoringSSL, or null where nothing explains it. */
export function explanationOf(check: string, field: string): string | null {
  return known.find((entry) => entry.check.test(check) && entry.field.test(field))?.why ?? null;
}
