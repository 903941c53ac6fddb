import { printable } from '../../printable.ts';
import type { ServerPresentation } from '../presentation.ts';
import { UnreachableError } from '../unreachable.ts';
import { KeyNotHeld } from './key-not-held.ts';
import { versions } from './parameters.ts';
import { isSignatureOf, type LeafKeys, type SignedBy } from './signatures.ts';
import { WireError } from './wire.ts';

/** A signature by which a server proves its key: over what, and how. */
export interface Proof extends Pick<SignedBy, 'scheme' | 'authentication' | 'is13'> {
  data: Buffer;
  signature: Buffer;
}

/** What a server has shown so far: it grows with its messages, and becomes a presentation at any time. */
export class Shown {
  readonly #keys: LeafKeys;
  readonly #version: number;
  readonly #suite: string;
  #chain: Buffer[] | null = null;
  staple: Buffer | null = null;
  sctList: Buffer | null = null;

  constructor(keys: LeafKeys, version: number, suite: string) {
    this.#keys = keys;
    this.#version = version;
    this.#suite = suite;
  }

  get hasChain(): boolean {
    return this.#chain !== null;
  }

  /** @throws UnreachableError where it is empty; WireError where it comes twice */
  keepChain(chain: Buffer[]): void {
    if (this.#chain) throw new WireError('Its messages come in a wrong order.');
    if (chain.length === 0)
      throw new UnreachableError('handshake', 'The server did not present a certificate.');
    this.#chain = chain;
  }

  /** Returns what is presented, with the key proven. @throws KeyNotHeld where another key signed; as LeafKeys.get */
  prove({ data, signature, scheme, authentication, is13 }: Proof): ServerPresentation {
    const [leaf] = this.#chain ?? [];
    if (!leaf) throw new WireError('Its messages come in a wrong order.');
    const signer = { key: this.#keys.get(leaf), scheme, authentication, is13 };
    if (!isSignatureOf(data, signature, signer)) throw new KeyNotHeld();
    return this.#presentation(this.#chain ?? [], true);
  }

  /** Returns what is presented without a proof of its key; null where it is no certificate. */
  get unproven(): ServerPresentation | null {
    return this.#chain && this.#presentation(this.#chain, false);
  }

  #presentation(chain: readonly Buffer[], isKeyProven: boolean): ServerPresentation {
    return {
      // Copied: what they are cut from is a whole flight.
      chain: chain.map((der) => Buffer.from(der)),
      protocol: versions[this.#version] ?? null,
      cipher: printable(this.#suite),
      staple: this.staple && Buffer.from(this.staple),
      sctList: this.sctList && Buffer.from(this.sctList),
      isKeyProven,
    };
  }
}
