import forge from 'node-forge';
import { UnreachableError } from '../unreachable.ts';

/**
 * The certificates of a PKCS#12 file in DER, by node-forge, which also knows the old ciphers of files that Windows and
 * older tools write.
 * @throws UnreachableError `file` where it is none, or the passphrase is wrong
 */
export function readPkcs12(content: Buffer, passphrase: string, path: string): Buffer[] {
  const container = parse(content, passphrase, path);
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

function parse(content: Buffer, passphrase: string, path: string): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(content.toString('latin1'));
  } catch (error) {
    throw new UnreachableError('file', `${path} is no certificate in PEM, DER or PKCS#12 form.`, {
      cause: error,
    });
  }
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
