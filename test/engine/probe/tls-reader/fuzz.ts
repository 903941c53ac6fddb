import { createPrivateKey, type KeyObject } from 'node:crypto';
import { clientHello } from '../../../../electron/engine/probe/tls-reader/client-hello.ts';
import { OfferedShares } from '../../../../electron/engine/probe/tls-reader/key-shares.ts';
import { NotSpoken } from '../../../../electron/engine/probe/tls-reader/not-spoken.ts';
import { ServerFlight } from '../../../../electron/engine/probe/tls-reader/server-flight.ts';
import { LeafKeys } from '../../../../electron/engine/probe/tls-reader/signatures.ts';
import { UnreachableError } from '../../../../electron/engine/probe/unreachable.ts';
import { type Change, flight } from '../../../support/impostor-server.ts';
import { type Issued, makeCa } from '../../../support/pki.ts';

/** Numbers that look random and are the same for a seed, so that a case that fails can be run again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomOf>;

/** Ways in which bytes of a peer go wrong. */
const mutations: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let count = 0; count <= random(4); count += 1) changed[random(bytes.length)] = random(256);
    return changed;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random(40), random(256)), bytes.subarray(at)]);
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random(20)))]);
  },
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes, random) => {
    // A length, wherever one may stand, of all or nothing.
    const changed = Buffer.from(bytes);
    changed.fill(random(2) * 255, random(bytes.length));
    return changed;
  },
];

const shares = new OfferedShares();
const keys = new LeafKeys();
const root = makeCa('Fuzz Root');
const leaf = root.issue();
const key: KeyObject = createPrivateKey(leaf.key);
const chain: Issued[] = [leaf, root];

function newFlight(): { reader: ServerFlight; hello: Buffer } {
  const options = {
    random: Buffer.alloc(32, 7),
    sessionId: Buffer.alloc(32, 9),
    servername: 'localhost',
    shares: shares.get(),
    alpn: [],
    preference: 'any',
  } as const;
  const hello = clientHello(options);
  return { reader: new ServerFlight(options, keys, { hello }), hello };
}

export type Outcome = 'presented' | 'refused' | 'waiting';

/** Feeds a stream in pieces. @throws whatever is no verdict about the server: a fault of ours */
function feed(reader: ServerFlight, stream: Buffer, random: Random): Outcome {
  try {
    for (let at = 0; at < stream.length; ) {
      const size = random(3) === 0 ? 1 + random(5) : 1 + random(stream.length);
      if (reader.feed(stream.subarray(at, at + size)).presented) return 'presented';
      at += size;
    }
    return 'waiting';
  } catch (error) {
    if (error instanceof UnreachableError || error instanceof NotSpoken) return 'refused';
    throw error;
  }
}

/** One case of the fuzzer by its number. */
export function fuzzCase(seed: number): Outcome {
  const random = randomOf(seed);
  const { reader, hello } = newFlight();
  const version = random(2) === 0 ? 'TLSv1.2' : 'TLSv1.3';
  const mutate = (bytes: Buffer) => mutations[random(mutations.length)]?.(bytes, random) ?? bytes;
  switch (random(4)) {
    case 0: {
      // The stream as a whole.
      return feed(reader, mutate(flight(version, hello, chain, key)), random);
    }
    case 1:
    case 2: {
      // One message within its protection, as only the server itself could send it.
      const chosen = random(4);
      const change: Change = (message, index) => (index === chosen ? mutate(message) : message);
      let stream: Buffer;
      try {
        stream = flight(version, hello, chain, key, change);
      } catch {
        return 'waiting'; // A message grew too long for the record that the test's server makes of it.
      }
      return feed(reader, stream, random);
    }
    default: {
      // Records of nothing but noise, some of them well formed.
      const noise = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
      const type = 20 + random(4);
      const header = Buffer.from([type, 3, random(5), noise.length >> 8, noise.length & 255]);
      return feed(reader, random(2) === 0 ? noise : Buffer.concat([header, noise]), random);
    }
  }
}

/** The flight cut off after every byte. */
export function truncations(version: 'TLSv1.2' | 'TLSv1.3'): { outcome: Outcome; left: number }[] {
  const { hello } = newFlight();
  const whole = flight(version, hello, chain, key);
  return Array.from({ length: whole.length + 1 }, (_, length) => {
    const { reader } = newFlight();
    return { outcome: feed(reader, whole.subarray(0, length), () => 10_000), left: whole.length - length };
  });
}
