import { FormError, type HeldCertificate, maxCertificates } from './held.ts';

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
    if (!(error instanceof RangeError)) throw error;
    throw new FormError(
      'is an UBER keystore, which is encrypted as a whole, or a broken BKS keystore. Convert it by keytool -importkeystore.',
      { cause: error },
    );
  }
}

class BksReader {
  readonly #bytes: Buffer;
  #at = 12 + saltBytes;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  entries(): HeldCertificate[] {
    const held: HeldCertificate[] = [];
    for (;;) {
      const kind = this.#take(1).readUInt8(0);
      if (kind === kinds.end || held.length >= maxCertificates) return held;
      const alias = this.#text();
      this.#take(8);
      const length = this.#u32();
      if (length > maxCertificates) throw new RangeError('The chain is too long.');
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
    if (kind > kinds.sealed) throw new RangeError('There is no such kind of entry.');
    if (kind === kinds.key) {
      this.#take(1);
      this.#text();
      this.#text();
    }
    this.#take(this.#u32());
  }

  #certificate(): Buffer {
    this.#text();
    return this.#take(this.#u32());
  }

  #u32(): number {
    return this.#take(4).readUInt32BE(0);
  }

  #text(): string {
    return this.#take(this.#take(2).readUInt16BE(0)).toString('utf8');
  }

  /** @throws RangeError where there is less */
  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('It is cut off.');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
