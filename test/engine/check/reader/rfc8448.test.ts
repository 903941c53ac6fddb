import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handshakeSecrets, RecordKeys } from '../../../../electron/engine/check/reader/key-schedule.ts';
import { x25519ShareOf } from '../../../../electron/engine/check/reader/key-shares.ts';
import { suites13 } from '../../../../electron/engine/check/reader/parameters.ts';
import { ServerFlight } from '../../../../electron/engine/check/reader/server-flight.ts';
import { LeafKeys } from '../../../../electron/engine/check/reader/signatures.ts';
import { trace } from './rfc8448.ts';

const share = x25519ShareOf(trace.privateKey);

function replay(): ServerFlight {
  const options = {
    random: trace.clientHello.subarray(6, 38),
    sessionId: Buffer.alloc(0),
    servername: 'server',
    shares: [share],
    alpn: [],
    preference: 'any',
  } as const;
  return new ServerFlight(options, new LeafKeys(), trace.clientHello);
}

describe('the traces of RFC 8448 §3', () => {
  const transcript = createHash('sha256')
    .update(trace.clientHello)
    .update(trace.serverHello.subarray(5))
    .digest();

  it('lead to the same shared secret, handshake secrets, key and IV', () => {
    const serverShare = trace.serverHello.subarray(57, 89);
    expect(share.agree(serverShare)).toEqual(trace.sharedSecret);
    const secrets = handshakeSecrets('sha256', trace.sharedSecret, transcript);
    expect(secrets).toEqual(trace.secrets);
    const suite = suites13[0x1301];
    if (!suite) throw new Error('The suite of the trace is not known.');
    const { key, iv } = new RecordKeys(suite, secrets.client);
    expect({ key, iv }).toEqual(trace.clientKeys);
  });

  it.each([1, 2, 5, 7, 64, 679, 10_000])(
    'are read in pieces of %d bytes, and the signature verified',
    (size) => {
      const flight = replay();
      const stream = Buffer.concat([trace.serverHello, trace.flight]);
      let presented = null;
      for (let at = 0; at < stream.length && !presented; at += size)
        ({ presented } = flight.feed(stream.subarray(at, at + size)));
      expect(presented).toMatchObject({
        protocol: 'TLSv1.3',
        cipher: 'TLS_AES_128_GCM_SHA256',
        staple: null,
        isKeyProven: true,
      });
      expect(presented?.chain.map((der) => new X509Certificate(der).subject)).toEqual(['CN=rsa']);
    },
  );

  it('are refused where one bit of the flight is another', () => {
    for (const at of [5, 100, trace.flight.length - 1]) {
      const spoiled = Buffer.from(trace.flight);
      spoiled[at] = (spoiled[at] ?? 0) ^ 1;
      const flight = replay();
      flight.feed(trace.serverHello);
      expect(() => flight.feed(spoiled)).toThrow(
        'A protected record cannot be opened'.toLowerCase().slice(2),
      );
    }
  });
});
