import { FormError, type HeldCertificate, maxCertificates } from './held.ts';
import { CutOff, JavaReader } from './java-reader.ts';

/** First octets of the keystores of Java: sun.security.provider.JavaKeyStore and com.sun.crypto.provider.JceKeyStore. */
const magics: ReadonlyMap<number, 'JKS' | 'JCEKS'> = new Map([
  [0xfeedfeed, 'JKS'],
  [0xcececece, 'JCEKS'],
]);
const entryTags = { privateKey: 1, certificate: 2, secretKey: 3 } as const;
const magicBytes = 4;
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
  try {
    return new KeystoreReader(bytes.subarray(0, Math.max(0, bytes.length - digestBytes))).entries();
  } catch (error) {
    if (error instanceof CutOff) throw broken({ cause: error });
    throw error;
  }
}

class KeystoreReader {
  readonly #in: JavaReader;
  #version = 2;

  constructor(bytes: Buffer) {
    this.#in = new JavaReader(bytes, magicBytes);
  }

  entries(): HeldCertificate[] {
    this.#version = this.#in.u32();
    const count = this.#in.u32();
    const held: HeldCertificate[] = [];
    for (let index = 0; index < count && held.length < maxCertificates; index += 1) {
      const tag = this.#in.u32();
      const alias = this.#in.text();
      this.#in.take(8);
      if (tag === entryTags.secretKey) this.#skipSecret();
      else held.push(...this.#entry(tag, alias));
    }
    return held;
  }

  #entry(tag: number, alias: string): HeldCertificate[] {
    if (tag === entryTags.certificate)
      return [{ der: this.#certificate(), alias, place: null, hasKey: false, chain: [] }];
    if (tag !== entryTags.privateKey) throw broken();
    this.#in.take(this.#in.u32());
    const length = this.#in.u32();
    if (length > maxCertificates) throw broken();
    const [der, ...chain] = Array.from({ length }, () => this.#certificate());
    return der ? [{ der, alias, place: null, hasKey: true, chain }] : [];
  }

  #certificate(): Buffer {
    if (this.#version === 2) this.#in.text();
    return this.#in.take(this.#in.u32());
  }

  /** A secret key is a serialized object that does not say its length: the next entry is found by what every entry begins with. */
  #skipSecret(): void {
    if (this.#in.u32() !== streamMagic) throw broken();
    while (this.#in.at < this.#in.bytes.length && !this.#isEntryAt(this.#in.at)) this.#in.at += 1;
  }

  #isEntryAt(at: number): boolean {
    const { bytes } = this.#in;
    if (at + 14 > bytes.length || bytes[at] !== 0) return false;
    const tag = bytes.readUInt32BE(at);
    if (tag < 1 || tag > 3) return false;
    const afterAlias = at + 6 + bytes.readUInt16BE(at + 4);
    if (afterAlias + 12 > bytes.length) return false;
    const date = Number(bytes.readBigInt64BE(afterAlias));
    if (date < earliest || date > latest) return false;
    return tag !== entryTags.secretKey || bytes.readUInt32BE(afterAlias + 8) === streamMagic;
  }
}

function broken(options?: ErrorOptions): FormError {
  return new FormError('is a Java keystore that is broken or cut off.', options);
}
