import { FormError } from '../probe/files/forms/held.ts';
import { derKind } from '../probe/files/forms/identify.ts';
import { readPkcs7 } from '../probe/files/forms/pkcs7.ts';
import { readText } from '../probe/files/forms/text.ts';
import { InputFileError, loadInputFile } from '../probe/files/input-file.ts';
import { isCertificateLabel, readPemBlocks } from '../probe/files/pem.ts';
import { readContent } from '../probe/files/read-content.ts';
import { inTurns } from '../turns.ts';
import { ParsedCertificate } from './certificate.ts';
import { readTrustSettings } from './trust-settings.ts';

/** What a CA file holds: every certificate that can be read, and a sentence for each that cannot. */
export interface CaFile {
  certificates: ParsedCertificate[];
  faults: string[];
}

/** This many faults have their own sentence. */
const maxFaults = 5;
/** Certificates that are read before other things have their turn: a few milliseconds. */
const certificatesPerTurn = 50;

/**
 * Reads a CA file without blocking anything else: certificates in PEM (UTF-8 or UTF-16), DER or PKCS#7, and every other form of a
 * certificate file that needs no passphrase, such as Java's truststores. One certificate that cannot be read takes no other with it. One that
 * OpenSSL's trust settings exclude for servers is left out, as OpenSSL refuses it.
 * @throws InputFileError where the file cannot be read, or no certificate in it can; the signal's reason where it aborts
 */
export async function loadCaFile(path: string, signal: AbortSignal): Promise<CaFile> {
  const content = await loadInputFile('The CA file', 'caFiles', path, signal);
  const plain = await readAll(path, dersOf(content), signal);
  const reading = plain.isEmpty
    ? await readAll(path, await dersInside(path, content, signal), signal)
    : plain;
  return reading.result();
}

async function readAll(path: string, ders: readonly Buffer[], signal: AbortSignal): Promise<Reading> {
  const reading = new Reading(path);
  await inTurns(ders, certificatesPerTurn, (bytes) => {
    signal.throwIfAborted();
    reading.add(bytes);
  });
  return reading;
}

/** What was read of a CA file so far. */
class Reading {
  readonly #path: string;
  readonly #certificates: ParsedCertificate[] = [];
  readonly #bad: number[] = [];
  readonly #excluded: number[] = [];
  #total = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get isEmpty(): boolean {
    return this.#certificates.length + this.#excluded.length === 0;
  }

  add(bytes: Buffer): void {
    this.#total += 1;
    const { der, isForServers } = readTrustSettings(bytes);
    try {
      const certificate = new ParsedCertificate(der);
      if (isForServers) this.#certificates.push(certificate);
      else this.#excluded.push(this.#total);
    } catch {
      this.#bad.push(this.#total); // The result reports it.
    }
  }

  /** @throws InputFileError where no certificate could be read */
  result(): CaFile {
    const path = this.#path;
    const faults = [
      ...faultsOf(path, this.#bad, this.#total, 'cannot be read'),
      ...faultsOf(path, this.#excluded, this.#total, 'is not trusted for servers by its trust settings'),
    ];
    if (this.#certificates.length > 0) return { certificates: this.#certificates, faults };
    if (this.#excluded.length > 0)
      throw refused(path, 'holds no certificate that its trust settings allow for servers.');
    throw refused(path, 'holds no certificate that can be read.');
  }
}

/** @param words the end of a sentence that begins with the file */
function refused(path: string, words: string, cause?: unknown): InputFileError {
  return new InputFileError('caFiles', path, `The CA file ${path} ${words}`, { cause });
}

/** Returns the certificates of a keystore, a structured file or base64. @throws InputFileError which says what the file is */
async function dersInside(path: string, content: Buffer, signal: AbortSignal): Promise<Buffer[]> {
  try {
    const { held, is } = await readContent(content, null, signal);
    if (held.length === 0) throw refused(path, `is ${is ?? 'a file without certificates'}.`);
    return held.flatMap(({ der, chain }) => [der, ...chain]);
  } catch (error) {
    if (error instanceof FormError) throw refused(path, error.message, error);
    throw error;
  }
}

/** @param words why each of the places is left out */
function faultsOf(path: string, places: readonly number[], total: number, words: string): string[] {
  const named = places
    .slice(0, maxFaults)
    .map((place) => `Certificate ${place} of ${total} in the CA file ${path} ${words} and is left out.`);
  const more = places.length - named.length;
  return more > 0 ? [...named, `${more} more in ${path} are left out for the same reason.`] : named;
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
  return derKind(content) === 'certificate' ? [content] : [];
}
