import type { FileTarget } from '../../../../shared/schema/target.ts';
import { ParsedCertificate } from '../../verify/certificate.ts';
import { isSignedBy } from '../../verify/signature-check.ts';
import type { ServerPresentation } from '../full-handshake.ts';
import { UnreachableError } from '../unreachable.ts';
import { InputFileError, loadInputFile, loadPassphrase } from './input-file.ts';
import { readPem } from './pem.ts';

/** The public CAs' roots are some 150; what follows in a file is not looked at. */
const maxCertificates = 160;
/** Signatures verified to find the leaf: a chain needs one for each link. */
const maxVerifications = 200;

/**
 * Reads a certificate file: PEM, DER or PKCS#12 (RFC 7292). The leaf comes first: the certificate that issued none of
 * the others.
 * @throws UnreachableError `file` where there is no certificate to be had; the signal's reason where it aborts
 */
export async function readCertificateFile(
  { file, passphraseFile }: FileTarget,
  signal: AbortSignal,
): Promise<ServerPresentation> {
  try {
    const content = await loadInputFile('The certificate file', 'file', file, signal);
    const passphrase =
      passphraseFile === null ? '' : await loadPassphrase('passphraseFile', passphraseFile, signal);
    const found = await readCertificates({ content, passphrase, path: file }, signal);
    const chain = leafFirst(found.slice(0, maxCertificates));
    return { chain, protocol: null, cipher: null, staple: null, isKeyProven: true };
  } catch (error) {
    if (error instanceof InputFileError) throw new UnreachableError('file', error.message, { cause: error });
    throw error;
  }
}

async function readCertificates(
  { content, passphrase, path }: { content: Buffer; passphrase: string; path: string },
  signal: AbortSignal,
): Promise<Buffer[]> {
  const pem = readPem(content.toString('latin1'));
  if (pem.length > 0) return pem;
  if (isCertificate(content)) return [content];
  // Loaded only for what is neither of the others: PKCS#12 needs ciphers that no check does, and time.
  const { readPkcs12InWorker } = await import('./read-in-worker.ts');
  return readPkcs12InWorker({ content, passphrase, path }, signal);
}

function isCertificate(der: Buffer): boolean {
  try {
    return new ParsedCertificate(der).notAfter > 0;
  } catch {
    return false; // Which is what was asked.
  }
}

function leafFirst(ders: readonly Buffer[]): Buffer[] {
  let verificationsLeft = maxVerifications;
  const all = ders.flatMap((der) => {
    try {
      return [{ der, certificate: new ParsedCertificate(der) }];
    } catch {
      return []; // What cannot be read is left out; where nothing can, the caller says so.
    }
  });
  const issuesNone = ({ certificate }: (typeof all)[number]) =>
    all.every(
      ({ certificate: other }) =>
        other === certificate ||
        other.issuerKey !== certificate.subjectKey ||
        verificationsLeft-- <= 0 ||
        !isSignedBy(other, certificate),
    );
  const leaf = all.find(issuesNone) ?? all[0];
  return leaf ? [leaf.der, ...all.filter((one) => one !== leaf).map(({ der }) => der)] : [...ders];
}
