import { createPrivateKey, type KeyObject } from 'node:crypto';
import { clientHello } from '../../../electron/engine/probe/tls-reader/client-hello.ts';
import { OfferedShares } from '../../../electron/engine/probe/tls-reader/key-shares.ts';
import { NotSpoken } from '../../../electron/engine/probe/tls-reader/not-spoken.ts';
import { ServerFlight } from '../../../electron/engine/probe/tls-reader/server-flight.ts';
import { LeafKeys } from '../../../electron/engine/probe/tls-reader/signatures.ts';
import { UnreachableError } from '../../../electron/engine/probe/unreachable.ts';
import { type Change, flight } from '../../support/impostor-server.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { mutate, noise, type Random } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

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

type Outcome = 'presented' | 'refused' | 'waiting';

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

function runCase(random: Random): Outcome {
  const { reader, hello } = newFlight();
  const version = random(2) === 0 ? 'TLSv1.2' : 'TLSv1.3';
  switch (random(4)) {
    case 0: {
      // The stream as a whole.
      return feed(reader, mutate(flight(version, hello, chain, key), random), random);
    }
    case 1:
    case 2: {
      // One message within its protection, as only the server itself could send it.
      const chosen = random(4);
      const change: Change = (message, index) => (index === chosen ? mutate(message, random) : message);
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
      const content = noise(400, random);
      const type = 20 + random(4);
      const header = Buffer.from([type, 3, random(5), content.length >> 8, content.length & 255]);
      return feed(reader, random(2) === 0 ? content : Buffer.concat([header, content]), random);
    }
  }
}

export const tlsReader: FuzzTarget = { run: runCase, mustMeet: ['presented', 'refused', 'waiting'] };

/** The flight cut off after every byte. */
export function truncations(version: 'TLSv1.2' | 'TLSv1.3'): { outcome: Outcome; left: number }[] {
  const { hello } = newFlight();
  const whole = flight(version, hello, chain, key);
  return Array.from({ length: whole.length + 1 }, (_, length) => {
    const { reader } = newFlight();
    return { outcome: feed(reader, whole.subarray(0, length), () => 10_000), left: whole.length - length };
  });
}
