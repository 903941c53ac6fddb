import { readPkcs7 } from '../probe/files/forms/pkcs7.ts';
import { readText } from '../probe/files/forms/text.ts';
import { InputFileError, readInputFile } from '../probe/files/input-file.ts';
import { isCertificateLabel, readPemBlocks } from '../probe/files/pem.ts';
import { ParsedCertificate } from './certificate.ts';

/** What a CA file holds: every certificate that can be read, and a sentence for each that cannot. */
export interface CaFile {
  certificates: ParsedCertificate[];
  faults: string[];
}

/** So many faults have a sentence of their own. */
const maxFaults = 5;

/**
 * Reads a CA file: certificates in PEM (UTF-8 or UTF-16), DER or PKCS#7. One that cannot be read takes no other with it.
 * @throws InputFileError where the file cannot be read, or no certificate in it can
 */
export function readCaFile(path: string): CaFile {
  const content = readInputFile('The CA file', 'caFiles', path);
  const ders = dersOf(content);
  const certificates: ParsedCertificate[] = [];
  const bad: number[] = [];
  for (const [index, der] of ders.entries()) {
    try {
      certificates.push(new ParsedCertificate(der));
    } catch {
      bad.push(index + 1); // Which is said below.
    }
  }
  if (certificates.length > 0) return { certificates, faults: faultsOf(path, bad, ders.length) };
  const found =
    bad.length === 0 ? 'no certificate in PEM, DER or PKCS#7 form' : 'no certificate that can be read';
  throw new InputFileError('caFiles', path, `The CA file ${path} holds ${found}.`);
}

function faultsOf(path: string, bad: readonly number[], total: number): string[] {
  const named = bad
    .slice(0, maxFaults)
    .map(
      (place) => `Certificate ${place} of ${total} in the CA file ${path} cannot be read and is left out.`,
    );
  const more = bad.length - named.length;
  return more > 0 ? [...named, `${more} more in ${path} cannot be read either.`] : named;
}

function dersOf(content: Buffer): Buffer[] {
  const text = readText(content);
  const blocks = text === null ? [] : readPemBlocks(text).filter(({ body }) => body !== '');
  if (blocks.length === 0) return certificatesOf(content);
  return blocks.flatMap(({ label, body }) => {
    const der = Buffer.from(body, 'base64');
    if (isCertificateLabel(label)) return [der];
    return label === 'PKCS7' || label === 'CMS' ? certificatesOf(der) : [];
  });
}

/** A certificate by itself, or those of a PKCS#7 message. */
function certificatesOf(content: Buffer): Buffer[] {
  try {
    const inside = readPkcs7(content);
    if (inside.length > 0) return inside.map(({ der }) => der);
  } catch {
    // It is no message: a certificate, or nothing.
  }
  return content[0] === 0x30 ? [content] : [];
}
