import { FormError, type HeldCertificate, maxCertificates } from './held.ts';
import { CutOff, JavaReader } from './java-reader.ts';

/** Kinds of entries in Bouncy Castle's BcKeyStoreSpi. */
const kinds = { end: 0, certificate: 1, key: 2, secret: 3, sealed: 4 } as const;
/** The salt of its MAC is as long as a SHA-1. */
const saltBytes = 20;

/** Whether the bytes begin as a keystore of Bouncy Castle does, BKS or UBER: its version, and a salt. */
export function isBouncyCastle(bytes: Buffer): boolean {
  if (bytes.length < 12 + saltBytes) return false;
  const version = bytes.readUInt32BE(0);
  const iterations = bytes.readInt32BE(8 + saltBytes);
  return version <= 2 && bytes.readUInt32BE(4) === saltBytes && iterations >= 1 && iterations < 65_536;
}

/**
 * Reads the certificates of a BKS keystore, which lie in the clear. Keys are passed over, and the MAC is not verified.
 * @throws FormError where it is an UBER keystore, which is encrypted as a whole, or broken
 */
export function readBks(bytes: Buffer): HeldCertificate[] {
  try {
    return new BksReader(bytes).entries();
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    throw new FormError(
      'is an UBER keystore, which is encrypted as a whole, or a broken BKS keystore. Convert it by keytool -importkeystore.',
      { cause: error },
    );
  }
}

class BksReader {
  readonly #in: JavaReader;

  constructor(bytes: Buffer) {
    this.#in = new JavaReader(bytes, 12 + saltBytes);
  }

  entries(): HeldCertificate[] {
    const held: HeldCertificate[] = [];
    for (;;) {
      const kind = this.#in.u8();
      if (kind === kinds.end || held.length >= maxCertificates) return held;
      const alias = this.#in.text();
      this.#in.take(8);
      const length = this.#in.u32();
      if (length > maxCertificates) throw new CutOff('The chain is too long.');
      const [own, ...chain] = Array.from({ length }, () => this.#certificate());
      if (kind === kinds.certificate)
        held.push({ der: this.#certificate(), alias, place: null, hasKey: false, chain: [] });
      else {
        this.#skipKey(kind);
        if (own) held.push({ der: own, alias, place: null, hasKey: true, chain });
      }
    }
  }

  #skipKey(kind: number): void {
    if (kind > kinds.sealed) throw new CutOff('There is no such kind of entry.');
    if (kind === kinds.key) {
      this.#in.take(1);
      this.#in.text();
      this.#in.text();
    }
    this.#in.take(this.#in.u32());
  }

  #certificate(): Buffer {
    this.#in.text();
    return this.#in.take(this.#in.u32());
  }
}
