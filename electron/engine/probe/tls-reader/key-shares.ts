import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type ECDH,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { groups } from './parameters.ts';
import { WireError } from './wire.ts';

/** One side of an (EC)DHE exchange: RFC 8446 §4.2.8. */
export interface KeyShare {
  group: number;
  publicKey: Buffer;
  /** The secret shared with the holder of another public key. @throws WireError where that is none */
  agree(theirs: Buffer): Buffer;
}

/** An X25519 public key as SubjectPublicKeyInfo is this, and the 32 bytes (RFC 8410 §4). */
const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');
const x25519PrivatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

export function x25519Share(privateKey: KeyObject = generateKeyPairSync('x25519').privateKey): KeyShare {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    group: groups.x25519,
    publicKey: spki.subarray(-32),
    agree(theirs) {
      if (theirs.length !== 32) throw new WireError('The server’s key share is not of its group.');
      const key = Buffer.concat([x25519Prefix, theirs]).toString('base64');
      try {
        // A text in PEM costs node:crypto a third of what an object with DER does.
        const pem = `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`;
        return diffieHellman({ privateKey, publicKey: createPublicKey(pem) });
      } catch {
        throw new WireError('The server’s key share is not of its group.'); // A point of small order.
      }
    },
  };
}

/** @param raw the 32 bytes of a private key, RFC 7748 §6.1 */
export function x25519ShareOf(raw: Buffer): KeyShare {
  const key = Buffer.concat([x25519PrivatePrefix, raw]);
  return x25519Share(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

const curves: Readonly<Record<number, string>> = {
  [groups.secp256r1]: 'prime256v1',
  [groups.secp384r1]: 'secp384r1',
  [groups.secp521r1]: 'secp521r1',
};

/** @param raw the private key as a number; a fresh one by default */
function ecdhShare(group: number, curve: string, raw?: Buffer): KeyShare {
  const ecdh: ECDH = createECDH(curve);
  if (raw) ecdh.setPrivateKey(raw);
  else ecdh.generateKeys();
  return {
    group,
    publicKey: ecdh.getPublicKey(),
    agree(theirs) {
      try {
        return ecdh.computeSecret(theirs);
      } catch {
        throw new WireError('The server’s key share is not of its group.');
      }
    },
  };
}

/** @param raw the 32 bytes of a private key on P-256, the highest first */
export function p256ShareOf(raw: Buffer): KeyShare {
  return ecdhShare(groups.secp256r1, 'prime256v1', raw);
}

/** A share of a group that a server asked for; null where it is none of ours. */
export function shareOf(group: number): KeyShare | null {
  if (group === groups.x25519) return x25519Share();
  const curve = curves[group];
  return curve === undefined ? null : ecdhShare(group, curve);
}

/** For how long shares are offered again. */
const renewalMs = 60_000;

/**
 * The shares that are offered at once. They protect nothing (no data is ever sent under them), and what proves the
 * server's key is its signature over our random, fresh each time: so they are replaced once a minute, not for each check.
 */
export class OfferedShares {
  #shares: KeyShare[] = [];
  #madeAt = Number.NEGATIVE_INFINITY;

  get(): readonly KeyShare[] {
    const now = performance.now();
    if (now - this.#madeAt < renewalMs) return this.#shares;
    this.#madeAt = now;
    this.#shares = [x25519Share(), ecdhShare(groups.secp256r1, 'prime256v1')];
    return this.#shares;
  }
}
