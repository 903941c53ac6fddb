/** Files that hold certificates, made octet by octet, for tests that must not need Java. */

const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number) => {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value >>> 0);
  return octets;
};
const text = (value: string) => Buffer.concat([u16(Buffer.byteLength(value)), Buffer.from(value)]);
const date = () => {
  const octets = Buffer.alloc(8);
  octets.writeBigInt64BE(BigInt(Date.UTC(2026, 0)));
  return octets;
};
const certificate = (bytes: Buffer) => Buffer.concat([text('X.509'), u32(bytes.length), bytes]);

/** An entry of a keystore: with more than one certificate, or `isKey`, a private key with its chain. */
export interface KeystoreEntry {
  alias: string;
  chain: Buffer[];
  isKey?: boolean;
  /** A serialized secret key in place of certificates, which JCEKS alone has. */
  secret?: Buffer;
}

/** A JKS or JCEKS keystore as sun.security.provider.JavaKeyStore writes it, with a digest that nobody can check. */
export function keystore(entries: readonly KeystoreEntry[], magic = 0xfeedfeed): Buffer {
  const bodies = entries.map(({ alias, chain, isKey = chain.length > 1, secret }) => {
    if (secret) return Buffer.concat([u32(3), text(alias), date(), secret]);
    if (!isKey) return Buffer.concat([u32(2), text(alias), date(), ...chain.map(certificate)]);
    const key = Buffer.from('a private key, which nobody reads');
    return Buffer.concat([
      u32(1),
      text(alias),
      date(),
      u32(key.length),
      key,
      u32(chain.length),
      ...chain.map(certificate),
    ]);
  });
  return Buffer.concat([u32(magic), u32(2), u32(entries.length), ...bodies, Buffer.alloc(20, 7)]);
}

/** A BKS keystore as org.bouncycastle.jcajce.provider.keystore.bc.BcKeyStoreSpi writes it, with a MAC that nobody can check. */
export function bks(entries: readonly KeystoreEntry[], version = 2): Buffer {
  const bodies = entries.map(({ alias, chain, isKey = chain.length > 1 }) => {
    const [kind, certificates] = isKey ? [4, chain] : [1, []];
    const head = [
      Buffer.from([kind]),
      text(alias),
      date(),
      u32(certificates.length),
      ...certificates.map(certificate),
    ];
    const sealed = Buffer.from('a sealed key, which nobody opens');
    const body = isKey ? [u32(sealed.length), sealed] : chain.map(certificate);
    return Buffer.concat([...head, ...body]);
  });
  const salt = Buffer.alloc(20, 3);
  return Buffer.concat([
    u32(version),
    u32(salt.length),
    salt,
    u32(1_024),
    ...bodies,
    Buffer.from([0]),
    Buffer.alloc(20, 7),
  ]);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? Buffer.from([content.length])
      : Buffer.concat([Buffer.from([0x83]), u32(content.length).subarray(1)]);
  return Buffer.concat([Buffer.from([tag]), shortest(length), content]);
}

/** A length of three octets whose first are zero is shorter in DER. */
function shortest(length: Buffer): Buffer {
  if (length[0] !== 0x83) return length;
  const significant = length.subarray(1).subarray(length[1] === 0 ? 1 : 0);
  const kept = significant[0] === 0 ? significant.subarray(1) : significant;
  return Buffer.concat([Buffer.from([0x80 | kept.length]), kept]);
}

const signedDataOid = Buffer.from('06092a864886f70d010702', 'hex');
const dataOid = Buffer.from('06092a864886f70d010701', 'hex');

/** A PKCS#7 of certificates alone (RFC 5652 §5.1), as CAs send chains. */
export function pkcs7(certificates: readonly Buffer[]): Buffer {
  const signed = der(
    0x30,
    Buffer.from([2, 1, 1]),
    der(0x31),
    der(0x30, dataOid),
    der(0xa0, ...certificates),
    der(0x31),
  );
  return der(0x30, signedDataOid, der(0xa0, signed));
}
