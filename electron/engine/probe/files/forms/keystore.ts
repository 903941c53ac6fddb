import { FormError, type HeldCertificate, maxCertificates } from './held.ts';

/** First octets of the keystores of Java: sun.security.provider.JavaKeyStore and com.sun.crypto.provider.JceKeyStore. */
const magics: ReadonlyMap<number, 'JKS' | 'JCEKS'> = new Map([
  [0xfeedfeed, 'JKS'],
  [0xcececece, 'JCEKS'],
]);
const entryTags = { privateKey: 1, certificate: 2, secretKey: 3 } as const;
const digestBytes = 20;
/** How a serialized Java object begins (java.io.ObjectStreamConstants). */
const streamMagic = 0xaced_0005;
/** Dates of entries lie between 1995 and 2100. */
const [earliest, latest] = [Date.UTC(1995, 0), Date.UTC(2100, 0)];

/** Returns which of Java's keystores begins so; null: none. */
export function keystoreForm(bytes: Buffer): 'JKS' | 'JCEKS' | null {
  return bytes.length < 12 ? null : (magics.get(bytes.readUInt32BE(0)) ?? null);
}

/**
 * Reads the certificates of a JKS or JCEKS keystore. They lie in the clear: no passphrase is needed, and private keys are passed
 * over. The digest at the end, which a passphrase makes, is not verified.
 * @throws FormError where it is broken
 */
export function readKeystore(bytes: Buffer): HeldCertificate[] {
  const reader = new KeystoreReader(bytes.subarray(0, Math.max(0, bytes.length - digestBytes)));
  return reader.entries();
}

class KeystoreReader {
  readonly #bytes: Buffer;
  #at = 12;
  #version = 2;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  entries(): HeldCertificate[] {
    this.#version = this.#bytes.readUInt32BE(4);
    const count = this.#bytes.readUInt32BE(8);
    const held: HeldCertificate[] = [];
    for (let index = 0; index < count && held.length < maxCertificates; index += 1) {
      const tag = this.#u32();
      const alias = this.#text();
      this.#take(8);
      if (tag === entryTags.secretKey) this.#skipSecret();
      else held.push(...this.#entry(tag, alias));
    }
    return held;
  }

  #entry(tag: number, alias: string): HeldCertificate[] {
    if (tag === entryTags.certificate)
      return [{ der: this.#certificate(), alias, place: null, hasKey: false, chain: [] }];
    if (tag !== entryTags.privateKey) throw broken();
    this.#take(this.#u32());
    const length = this.#u32();
    if (length > maxCertificates) throw broken();
    const [der, ...chain] = Array.from({ length }, () => this.#certificate());
    return der ? [{ der, alias, place: null, hasKey: true, chain }] : [];
  }

  #certificate(): Buffer {
    if (this.#version === 2) this.#text();
    return this.#take(this.#u32());
  }

  /** A secret key is a serialized object that does not say its length: the next entry is found by what every entry begins with. */
  #skipSecret(): void {
    if (this.#at + 4 > this.#bytes.length || this.#bytes.readUInt32BE(this.#at) !== streamMagic)
      throw broken();
    for (let at = this.#at + 4; at < this.#bytes.length; at += 1) {
      if (this.#isEntryAt(at)) {
        this.#at = at;
        return;
      }
    }
    this.#at = this.#bytes.length;
  }

  #isEntryAt(at: number): boolean {
    const bytes = this.#bytes;
    if (at + 14 > bytes.length || bytes[at] !== 0) return false;
    const tag = bytes.readUInt32BE(at);
    if (tag < 1 || tag > 3) return false;
    const afterAlias = at + 6 + bytes.readUInt16BE(at + 4);
    if (afterAlias + 12 > bytes.length) return false;
    const date = Number(bytes.readBigInt64BE(afterAlias));
    if (date < earliest || date > latest) return false;
    return tag !== entryTags.secretKey || bytes.readUInt32BE(afterAlias + 8) === streamMagic;
  }

  #u32(): number {
    return this.#take(4).readUInt32BE(0);
  }

  /** Java's modified UTF-8 differs from UTF-8 in NUL and in characters beyond 16 bits alone. */
  #text(): string {
    return this.#take(this.#take(2).readUInt16BE(0)).toString('utf8');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw broken();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

const broken = () => new FormError('is a Java keystore that is broken or cut off.');
