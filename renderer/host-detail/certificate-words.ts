import type { Certificate } from '../../shared/schema/certificate.ts';
import { count } from '../../shared/text/words.ts';

const curveNames: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** Returns a key in words: `ECDSA P-256`, `RSA 2048`. */
export function keyWords({ type, bits, curve }: Certificate['key']): string {
  if (type === 'ec') return `ECDSA ${curve === null ? '' : (curveNames[curve] ?? curve)}`.trim();
  if (type.startsWith('rsa')) return `RSA ${bits ?? ''}`.trim();
  return `${type} ${type.startsWith('ed') ? '' : (bits ?? '')}`.trim();
}

/** Returns a serial number in pairs, as other tools print it: `5C:0E:91`. */
export function serialWords(serialNumber: string): string {
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  return (even.match(/../g) ?? []).join(':');
}

const usageNames: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: 'anything',
  serverAuth: 'TLS server',
  clientAuth: 'TLS client',
  codeSigning: 'code signing',
  emailProtection: 'email',
  timeStamping: 'timestamping',
  OCSPSigning: 'OCSP signing',
};

/** Returns the extended key usage in words; what has no name as it is. */
export function usageWords(usage: readonly string[]): string {
  return usage.map((one) => usageNames[one] ?? one).join(', ');
}

const keyUsageNames: Readonly<Record<string, string>> = {
  digitalSignature: 'digital signature',
  nonRepudiation: 'non-repudiation',
  keyEncipherment: 'key encipherment',
  dataEncipherment: 'data encipherment',
  keyAgreement: 'key agreement',
  keyCertSign: 'certificate signing',
  cRLSign: 'CRL signing',
  encipherOnly: 'encipher only',
  decipherOnly: 'decipher only',
};

/** Returns the key usage in words; empty where the certificate does not restrict it. */
export function keyUsageWords(keyUsage: readonly string[]): string {
  return keyUsage.map((one) => keyUsageNames[one] ?? one).join(', ');
}

/** Returns the basic and name constraints, a line each: `CA, at most 1 CA below it`. */
export function constraintLines(extensions: NonNullable<Certificate['extensions']>): string[] {
  const { basicConstraints, nameConstraints } = extensions;
  const lines: string[] = [];
  if (basicConstraints) {
    const { ca, pathLength } = basicConstraints;
    const below = pathLength === null ? '' : `, at most ${count(pathLength, 'CA')} below it`;
    lines.push(ca ? `CA${below}` : 'Not a CA');
  }
  if (nameConstraints && nameConstraints.permitted.length > 0)
    lines.push(`Only for ${nameConstraints.permitted.join(', ')}`);
  if (nameConstraints && nameConstraints.excluded.length > 0)
    lines.push(`Not for ${nameConstraints.excluded.join(', ')}`);
  return lines;
}
