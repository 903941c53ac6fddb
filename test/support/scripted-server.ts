import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Issued } from './pki.ts';
import { servePlain, type TestServer } from './tls-server.ts';

/**
 * A step of a plain dialogue: what the server says, or what it must hear (text by its end, bytes by their length)
 * before it goes on. `tls` starts TLS on the same connection.
 */
export type Step = { say: string | Buffer } | { hear: RegExp | Buffer } | 'tls' | 'close';

/** A server that plays a dialogue and then shows a leaf. What it heard wrong is kept in `faults`. */
export async function serveScript(
  steps: readonly Step[],
  leaf: Issued,
): Promise<TestServer & { faults: string[] }> {
  const faults: string[] = [];
  const secureContext = tls.createSecureContext({ cert: leaf.pem, key: leaf.key });
  const server = await servePlain((socket) => {
    void play(socket, steps, secureContext).catch((error: Error) => faults.push(error.message));
  });
  return Object.assign(server, { faults });
}

async function play(socket: Socket, steps: readonly Step[], secureContext: tls.SecureContext): Promise<void> {
  let heard = Buffer.alloc(0);
  let wake = Promise.withResolvers<void>();
  const onData = (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    wake.resolve();
  };
  socket.on('data', onData);
  for (const step of steps) {
    if (step === 'close') socket.end();
    else if (step === 'tls') {
      socket.off('data', onData).pause();
      // A MySQL client starts TLS without waiting for a word, so its first bytes may be here already.
      if (heard.length > 0) socket.unshift(heard);
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => undefined); // The client hangs up once it has seen the certificate.
    } else if ('say' in step) socket.write(step.say);
    else {
      const wanted = step.hear;
      const isHeard = () =>
        Buffer.isBuffer(wanted) ? heard.length >= wanted.length : wanted.test(heard.toString('latin1'));
      while (!isHeard()) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
      if (Buffer.isBuffer(wanted) && !heard.subarray(0, wanted.length).equals(wanted)) {
        throw new Error(`Heard ${heard.toString('hex')}, not ${wanted.toString('hex')}`);
      }
      heard = Buffer.isBuffer(wanted) ? heard.subarray(wanted.length) : Buffer.alloc(0);
    }
  }
}
