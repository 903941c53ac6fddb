import forge from 'node-forge';
import { UnreachableError } from '../unreachable.ts';

/** OpenSSL writes 2,048, Windows 2,000, and what is careful a million; 2^31 would take an hour. */
const maxFileIterations = 10_000_000;
const maxDepth = 40;

/**
 * The certificates of a PKCS#12 file in DER, by node-forge, which also knows the old ciphers of files that Windows and
 * older tools write.
 * @throws UnreachableError `file` where it is none, or the passphrase is wrong
 */
export function readPkcs12(
  content: Buffer,
  passphrase: string,
  path: string,
  maxIterations = maxFileIterations,
): Buffer[] {
  const container = parse(content, passphrase, path, maxIterations);
  const bags =
    container.getBags({ bagType: forge.pki.oids['certBag'] as string })[
      forge.pki.oids['certBag'] as string
    ] ?? [];
  // forge describes RSA certificates alone and leaves the others as ASN.1.
  const ders = bags.flatMap(({ cert, asn1 }) => {
    const certificate = cert ? forge.pki.certificateToAsn1(cert) : asn1;
    return certificate ? [Buffer.from(forge.asn1.toDer(certificate).getBytes(), 'latin1')] : [];
  });
  if (ders.length === 0) throw new UnreachableError('file', `${path} holds no certificate.`);
  return ders;
}

function parse(
  content: Buffer,
  passphrase: string,
  path: string,
  maxIterations: number,
): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(content.toString('latin1'));
  } catch (error) {
    throw new UnreachableError('file', `${path} is no certificate in PEM, DER or PKCS#12 form.`, {
      cause: error,
    });
  }
  if (hasTooManyIterations(asn1, maxIterations))
    throw new UnreachableError('file', `${path} asks for more than 10 million iterations to open it.`);
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
  } catch (error) {
    const isPassphrase = /Invalid password|MAC could not be verified/i.test(String(error));
    const sentence = isPassphrase
      ? `The passphrase for ${path} is wrong or missing.`
      : `${path} is no certificate in PEM, DER or PKCS#12 form.`;
    throw new UnreachableError('file', sentence, { cause: error });
  }
}

/**
 * Whether any key derivation of the file has more iterations than the bound. Each stands behind its salt: in MacData (RFC 7292
 * §4), in pkcs-12PbeParams (appendix C) and in PBKDF2-params (RFC 8018 appendix A.2). The encrypted parts name theirs within octet strings.
 */
function hasTooManyIterations(asn1: forge.asn1.Asn1, maxIterations: number, depth = 0): boolean {
  const { value } = asn1;
  if (depth > maxDepth) return true;
  if (typeof value === 'string') {
    if (!is(asn1, forge.asn1.Type.OCTETSTRING)) return false;
    const inner = parseWithin(value);
    return inner !== null && hasTooManyIterations(inner, maxIterations, depth + 1);
  }
  return value.some((child, index) => {
    const isBehindSalt =
      is(child, forge.asn1.Type.INTEGER) && is(value[index - 1], forge.asn1.Type.OCTETSTRING);
    if (isBehindSalt && typeof child.value === 'string') return iterationsOf(child.value) > maxIterations;
    return hasTooManyIterations(child, maxIterations, depth + 1);
  });
}

const is = (asn1: forge.asn1.Asn1 | undefined, type: forge.asn1.Type) =>
  asn1?.tagClass === forge.asn1.Class.UNIVERSAL && asn1.type === type;

function iterationsOf(octets: string): number {
  if (octets.length === 0) return 0;
  return octets.length > 4
    ? Number.POSITIVE_INFINITY
    : Buffer.from(octets, 'latin1').readUIntBE(0, octets.length);
}

/** What an octet string holds, where that is ASN.1. */
function parseWithin(octets: string): forge.asn1.Asn1 | null {
  if (octets.charCodeAt(0) !== 0x30) return null;
  try {
    return forge.asn1.fromDer(octets);
  } catch {
    return null; // A digest, or what is encrypted.
  }
}
