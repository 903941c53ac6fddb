import { DerError } from '../../verify/x509/der.ts';
import { saidLength } from './forms/ber.ts';
import { isBouncyCastle, readBks } from './forms/bks.ts';
import { bare, FormError, type HeldCertificate } from './forms/held.ts';
import { derKind, kindWords, labelIs } from './forms/identify.ts';
import { keystoreForm, readKeystore } from './forms/keystore.ts';
import { readPkcs7, readPkiPath } from './forms/pkcs7.ts';
import { readPkcs12 } from './forms/pkcs12/pkcs12.ts';
import { readStructured } from './forms/structured.ts';
import { readText } from './forms/text.ts';
import { isCertificateLabel, readPemBlocks } from './pem.ts';

/** What one file is, and the certificates that it holds. */
export interface Container {
  form: string;
  held: HeldCertificate[];
  /** What it is where it holds none, as the end of `/etc/x is …`. */
  is: string | null;
}

/** Keystores within structured files are opened, but not those nested in them. */
const maxNesting = 2;

/**
 * Tells what bytes are by themselves, whatever their file is called, and reads the certificates in them.
 * @param passphrase for PKCS#12; null: none was given
 * @throws FormError where it is a container that cannot be read: broken, encrypted, or of a kind that is not supported
 */
export function readContainer(bytes: Buffer, passphrase: string | null, nesting = 0): Container {
  if (bytes.length === 0) return nothing('empty', 'empty');
  const keystore = keystoreForm(bytes);
  if (keystore)
    return { form: keystore, held: readKeystore(bytes), is: 'a Java keystore without certificates' };
  const kind = derKind(bytes);
  if (kind) return readDerKind(bytes, kind, passphrase);
  if (isCutOff(bytes)) throw new FormError('is a file in DER that is cut off.');
  if (isBouncyCastle(bytes))
    return { form: 'BKS', held: readBks(bytes), is: 'a BKS keystore without certificates' };
  const text = readText(bytes);
  return text === null
    ? nothing('binary', 'a binary file without certificates')
    : readTextForm(text, nesting);
}

function readDerKind(
  bytes: Buffer,
  kind: NonNullable<ReturnType<typeof derKind>>,
  passphrase: string | null,
): Container {
  try {
    switch (kind) {
      case 'certificate':
        return { form: 'DER', held: [bare(bytes.subarray(0, saidLength(bytes) ?? bytes.length))], is: null };
      case 'pkcs7':
        return { form: 'PKCS#7', held: readPkcs7(bytes), is: 'a PKCS#7 file without certificates' };
      case 'pki-path':
        return { form: 'PKIPath', held: readPkiPath(bytes), is: null };
      case 'pkcs12':
        return {
          form: 'PKCS#12',
          held: readPkcs12(bytes, passphrase),
          is: 'a PKCS#12 file without certificates',
        };
      default:
        return nothing('DER', kindWords[kind]);
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new FormError(
      `is a file of the form ${kind === 'pkcs12' ? 'PKCS#12' : 'PKCS#7'} that is broken: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
}

/** A file that is still being written, as a rule: it says that it is longer than it is. */
function isCutOff(bytes: Buffer): boolean {
  const length = bytes[0] === 0x30 ? saidLength(bytes) : null;
  return length !== null && length > bytes.length && length < 2 ** 28 && (bytes[1] ?? 0) > 0x80;
}

function readTextForm(text: string, nesting: number): Container {
  if (text.trim() === '') return nothing('empty', 'empty');
  if (text.startsWith('$ANSIBLE_VAULT;')) throw new FormError('is encrypted by Ansible Vault.');
  const structured =
    text.trimStart().startsWith('-----') || nesting >= maxNesting
      ? null
      : readStructured(text, (bytes) => inner(bytes, nesting));
  if (structured && structured.held.length > 0) return { ...structured, is: null };
  const pem = readPemForm(text);
  if (pem) return pem;
  if (structured)
    return nothing(
      structured.form,
      `${structured.form === 'environment' ? 'an environment file' : structured.form} without certificates`,
    );
  return readBase64(text, nesting) ?? readSsh(text) ?? nothing('text', 'a text without certificates');
}

/** A string that is no container is nothing; one that is broken is no fault of the file around it. */
function inner(bytes: Buffer, nesting: number): HeldCertificate[] {
  try {
    return readContainer(bytes, null, nesting + 1).held;
  } catch (error) {
    if (error instanceof FormError) return [];
    throw error;
  }
}

/** Null where the text holds no block of PEM. */
function readPemForm(text: string): Container | null {
  const blocks = readPemBlocks(text);
  const others = blocks.map(({ label }) => labelIs(label)).filter((is) => is !== null);
  const held = blocks.flatMap(({ label, body }) => {
    if (isCertificateLabel(label)) return body === '' ? [] : [bare(Buffer.from(body, 'base64'))];
    return labelIs(label) === null ? readPkcs7Block(body) : [];
  });
  // As servers read such a file, its key is that of its first certificate.
  const hasKey = blocks.some(({ label }) => label.endsWith('PRIVATE KEY'));
  if (held.length > 0)
    return {
      form: 'PEM',
      held: held.map((one, index) => ({ ...one, hasKey: hasKey && index === 0 })),
      is: null,
    };
  const [first] = others;
  if (first !== undefined) return nothing('PEM', first);
  if (blocks.length > 0) return nothing('PEM', 'a PEM file without certificates');
  return text.includes('-----BEGIN CERTIFICATE-----')
    ? nothing('PEM', 'a PEM file whose certificate does not end')
    : null;
}

function readPkcs7Block(body: string): HeldCertificate[] {
  try {
    return readPkcs7(Buffer.from(body, 'base64'));
  } catch (error) {
    if (error instanceof DerError) return []; // The other blocks are read all the same.
    throw error;
  }
}

/** A file of nothing but base64: its content is read as a separate file. */
function readBase64(text: string, nesting: number): Container | null {
  if (nesting > 0 || text.length < 200 || !/^[A-Za-z0-9+/=\s]+$/.test(text)) return null;
  const held = inner(Buffer.from(text, 'base64'), nesting);
  return held.length === 0 ? null : { form: 'base64', held, is: null };
}

function readSsh(text: string): Container | null {
  if (/^(?:ssh-|ecdsa-|sk-)[\w@.-]*-cert-v01@openssh\.com /.test(text))
    return nothing('SSH', 'an OpenSSH certificate, which is no X.509 certificate');
  return /^(?:ssh-|ecdsa-sha2-|sk-)[\w@.-]+ AAAA/.test(text)
    ? nothing('SSH', 'an SSH public key, not a certificate')
    : null;
}

function nothing(form: string, is: string): Container {
  return { form, held: [], is };
}
