import type { Revocation } from '../../../../shared/schema/revocation.ts';
import type { ParsedCertificate } from '../certificate.ts';
import { contextTag, DerError, readBits, readDer, readInteger, readSequence, tags } from '../x509/der.ts';
import { type Extension, readExtensions } from '../x509/extensions.ts';
import { readName } from '../x509/names.ts';
import { ByteSource, type Reading } from './byte-source.ts';
import { isoOrNull, readReason, readTime } from './der-values.ts';
import { isInScope } from './list-scope.ts';
import type { Asked } from './ocsp.ts';
import { PemDecoder } from './pem-decoder.ts';
import { expectCurrent, Unproven, unverifiable } from './revocation.ts';
import { readAlgorithm, SignatureVerifier, TooLargeToVerify } from './signature-verifier.ts';

/** Public CAs' largest lists have some 10 MB, those of governments' cards over 20. */
const maxListBytes = 32 * 1024 * 1024;
/** The same in PEM, with its line breaks. */
const maxTextBytes = 1.5 * maxListBytes;
/** An entry has 35 to 60 bytes; each other field of a list but the entries is small, too. */
const maxEntryBytes = 4 * 1024;
const maxFieldBytes = 64 * 1024;

const entryReason = '2.5.29.21';

interface Entry {
  revokedAt: number;
  reason: string | null;
}

/**
 * Searches one revocation list (RFC 5280 §5) for a certificate, in DER or PEM, as its bytes come: nothing of it is kept but
 * the element that is being read. What it says counts once its signature is verified, at its end.
 */
export class RevocationListReader {
  readonly #source = new ByteSource();
  readonly #decoder = new PemDecoder();
  readonly #reading: Reading<Revocation>;
  #result: Revocation | null = null;
  #textBytes = 0;
  #listBytes = 0;

  /**
   * @param addresses the addresses of lists that the certificate names
   * @param now milliseconds since the epoch
   */
  constructor(asked: Asked, addresses: readonly string[], now: number) {
    this.#reading = readList(this.#source, asked, addresses, now);
    this.#reading.next();
  }

  /** What is known already; null while the list goes on. */
  get result(): Revocation | null {
    return this.#result;
  }

  feed(chunk: Buffer): void {
    if (!this.#result) this.#step(() => this.#pass(this.#decode(chunk)));
  }

  /** Returns what the list says, once all of it was fed. */
  end(): Revocation {
    if (!this.#result) this.#step(() => this.#reading.next(Buffer.alloc(0)).value ?? null);
    return this.#result ?? unverifiable('unreadable', 'crl');
  }

  #decode(chunk: Buffer): Buffer {
    const der = this.#decoder.decode(chunk);
    this.#textBytes += chunk.length;
    this.#listBytes += der.length;
    if (this.#listBytes > maxListBytes || this.#textBytes > maxTextBytes) throw new Unproven('too-large');
    return der;
  }

  /** An empty piece would mean the end. */
  #pass(der: Buffer): Revocation | null {
    if (der.length === 0) return null;
    const { done, value } = this.#reading.next(der);
    return done ? value : null;
  }

  #step(next: () => Revocation | null): void {
    try {
      this.#result = next();
    } catch (error) {
      if (error instanceof Unproven) this.#result = unverifiable(error.why, 'crl');
      else if (error instanceof DerError) this.#result = unverifiable('unreadable', 'crl');
      else if (error instanceof TooLargeToVerify) this.#result = unverifiable('too-large', 'crl');
      else throw error;
    }
  }
}

/** CertificateList (RFC 5280 §5.1), field by field. @throws Unproven, DerError, TooLargeToVerify */
function* readList(
  source: ByteSource,
  { leaf, issuer }: Asked,
  addresses: readonly string[],
  now: number,
): Reading<Revocation> {
  const whole = yield* source.header();
  expectSequence(whole.tag);
  const tbs = yield* source.header();
  expectSequence(tbs.tag);
  const end = source.position + tbs.length;
  let field = yield* source.element(maxFieldBytes);
  let version: Buffer = Buffer.alloc(0);
  if (field[0] === tags.integer) {
    version = field;
    field = yield* source.element(maxFieldBytes);
  }
  const algorithm = field;
  const verifier = verifierFor(issuer, algorithm);
  for (const bytes of [tbs.raw, version, algorithm]) verifier.update(bytes);
  source.teeTo((bytes) => verifier.update(bytes));

  const name = readName(readDer(yield* source.element(maxFieldBytes)), 'the issuer');
  if (name.key !== issuer.details?.subject.key) throw new Unproven('wrong-signer');
  const thisUpdate = readTime(readDer(yield* source.element(maxFieldBytes)), 'thisUpdate');
  let nextUpdate: number | null = null;
  let entry: Entry | null = null;
  let extensions: Extension[] = [];
  if (source.position < end && isTime((yield* source.peek(1))[0]))
    nextUpdate = readTime(readDer(yield* source.element(maxFieldBytes)), 'nextUpdate');
  expectCurrent(thisUpdate, nextUpdate, now);
  if (source.position < end && (yield* source.peek(1))[0] === tags.sequence)
    entry = yield* findEntry(source, leaf);
  if (source.position < end) extensions = readListExtensions(yield* source.element(maxFieldBytes));
  if (source.position !== end) throw new DerError('the signed part does not end where it should');

  source.teeTo(null);
  const outer = yield* source.element(maxFieldBytes);
  if (!outer.equals(algorithm)) throw new DerError('the signature algorithms differ');
  const signature = readBits(readDer(yield* source.element(maxFieldBytes)), 'the signature').bytes;
  if (!verifier.isValid(signature)) throw new Unproven('bad-signature');
  if (!isInScope(extensions, addresses, entry !== null)) throw new Unproven('other-scope');
  const [at, until] = [isoOrNull(thisUpdate), isoOrNull(nextUpdate)];
  const found = { why: null, source: 'crl', at, until } as const;
  // RFC 5280 §6.3.3 (k): an entry that takes another one back.
  return entry && entry.reason !== 'removeFromCRL'
    ? { ...found, state: 'revoked', revokedAt: isoOrNull(entry.revokedAt), reason: entry.reason }
    : { ...found, state: 'good', revokedAt: null, reason: null };
}

/** @throws Unproven where the issuer may not sign lists (RFC 5280 §6.3.3 (f)), or not by this algorithm */
function verifierFor({ details, publicKey }: ParsedCertificate, algorithm: Buffer): SignatureVerifier {
  const maySign = details !== null && (details.keyUsage?.has('cRLSign') ?? true);
  const verifier =
    maySign && publicKey && SignatureVerifier.for(readAlgorithm(readDer(algorithm)), publicKey);
  if (!verifier) throw new Unproven('wrong-signer');
  return verifier;
}

/** Goes through revokedCertificates. An entry that is wholly here takes no turn of the generator. */
function* findEntry(source: ByteSource, { details }: ParsedCertificate): Reading<Entry | null> {
  const { length } = yield* source.header();
  const end = source.position + length;
  const serialNumber = details?.serialNumber ?? Buffer.alloc(0);
  let found: Entry | null = null;
  while (source.position < end) {
    const { here } = source;
    const size = entrySize(here) ?? (yield* nextEntrySize(source));
    if (size > maxEntryBytes || source.position + size > end) throw new DerError('an entry is too long');
    const entry = here.length >= size ? source.takeHere(size) : yield* source.take(size);
    if (isEntryOf(entry, serialNumber)) found ??= readEntry(entry);
  }
  return found;
}

/** Size of the entry at the start of bytes; null where too few are here. Entries are shorter than 64 KiB. */
function entrySize(bytes: Buffer): number | null {
  const [tag, first = 0, second = 0, third = 0] = bytes;
  if (bytes.length < 4) return null;
  if (tag !== tags.sequence || first > 0x82) throw new DerError('an entry is no sequence');
  if (first < 0x80) return 2 + first;
  return first === 0x81 ? 3 + second : 4 + second * 256 + third;
}

function* nextEntrySize(source: ByteSource): Reading<number> {
  return entrySize(yield* source.peek(4)) ?? 0;
}

/** Whether the first element of an entry is this serial number, whatever follows it. */
function isEntryOf(entry: Buffer, serialNumber: Buffer): boolean {
  const first = entry[1] ?? 0;
  const at = 2 + (first < 0x80 ? 0 : first & 0x7f);
  if (entry[at] !== tags.integer || entry[at + 1] !== serialNumber.length) return false;
  return serialNumber.equals(entry.subarray(at + 2, at + 2 + serialNumber.length));
}

function readEntry(entry: Buffer): Entry {
  const [serial, at, more] = readSequence(readDer(entry), 'an entry');
  readInteger(serial, 'the serial number');
  const reason = more && readExtensions(more).find(({ oid }) => oid === entryReason);
  return {
    revokedAt: readTime(at, 'the time of revocation'),
    reason: reason ? readReason(readDer(reason.value)) : null,
  };
}

function readListExtensions(bytes: Buffer): Extension[] {
  const { tag, content } = readDer(bytes);
  if (tag !== contextTag(0, true)) throw new DerError('the signed part holds something else');
  return readExtensions(readDer(content));
}

function expectSequence(tag: number): void {
  if (tag !== tags.sequence) throw new DerError('it is no revocation list');
}

const isTime = (tag: number | undefined) => tag === tags.utcTime || tag === tags.generalizedTime;
