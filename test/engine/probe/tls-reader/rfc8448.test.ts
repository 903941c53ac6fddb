import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handshakeSecrets, RecordKeys } from '../../../../electron/engine/probe/tls-reader/key-schedule.ts';
import { p256ShareOf, x25519ShareOf } from '../../../../electron/engine/probe/tls-reader/key-shares.ts';
import { suites13 } from '../../../../electron/engine/probe/tls-reader/parameters.ts';
import { ServerFlight } from '../../../../electron/engine/probe/tls-reader/server-flight.ts';
import { LeafKeys } from '../../../../electron/engine/probe/tls-reader/signatures.ts';
import { retryTrace, trace } from './rfc8448.ts';

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
  return new ServerFlight(options, new LeafKeys(), { hello: trace.clientHello });
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
      let presented: ReturnType<typeof flight.feed>['presented'] = null;
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

describe('the trace of RFC 8448 §5, with a retry', () => {
  const first = x25519ShareOf(retryTrace.privateKey);
  const second = p256ShareOf(retryTrace.retryPrivateKey);
  const options = {
    random: retryTrace.clientHello.subarray(6, 38),
    sessionId: Buffer.alloc(0),
    servername: 'server',
    shares: [first],
    alpn: [],
    preference: 'any',
  } as const;
  const cookie = retryTrace.retryRequest.subarray(61, 61 + 114);

  it('is read to the end, and the signature over both hellos verified', () => {
    const flight = new ServerFlight(options, new LeafKeys(), {
      hello: retryTrace.clientHello,
      retry: { hello: retryTrace.secondClientHello, share: second },
    });
    const { send } = flight.feed(retryTrace.retryRequest);
    expect(send?.subarray(5)).toEqual(retryTrace.secondClientHello);
    flight.feed(retryTrace.serverHello);
    const { presented } = flight.feed(retryTrace.flight);
    expect(presented).toMatchObject({ protocol: 'TLSv1.3', isKeyProven: true });
    expect(presented?.chain.map((der) => new X509Certificate(der).subject)).toEqual(['CN=rsa']);
  });

  it('is answered with the cookie and a share of the group that was asked for', () => {
    const flight = new ServerFlight(options, new LeafKeys());
    const { send } = flight.feed(retryTrace.retryRequest);
    const echoed = Buffer.concat([Buffer.from('002c00740072', 'hex'), cookie]);
    expect(retryTrace.secondClientHello.includes(echoed)).toBe(true);
    expect(send?.includes(echoed)).toBe(true);
    expect(send?.includes(Buffer.from('00170041', 'hex'))).toBe(true);
  });

  it('is refused where the first hello was another', () => {
    const spoiled = Buffer.from(retryTrace.clientHello);
    spoiled[10] = (spoiled[10] ?? 0) ^ 1;
    const flight = new ServerFlight(options, new LeafKeys(), {
      hello: spoiled,
      retry: { hello: retryTrace.secondClientHello, share: second },
    });
    flight.feed(retryTrace.retryRequest);
    flight.feed(retryTrace.serverHello);
    expect(() => flight.feed(retryTrace.flight)).toThrow('a protected record cannot be opened');
  });
});
