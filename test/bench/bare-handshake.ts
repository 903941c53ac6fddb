import { connect } from 'node:net';
import tls from 'node:tls';

/** A bare handshake by node:tls with a shared context: what every check that finishes a session must pay. */
export function bareHandshake(port: number, secureContext: tls.SecureContext): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const secure = tls.connect({ socket, secureContext, servername: 'localhost', rejectUnauthorized: false });
  secure.once('secureConnect', () => {
    // Ended as a check ends it: torn off, it would cost both sides other work.
    secure.end(() => {
      secure.destroy();
      resolve();
    });
  });
  secure.once('error', reject);
  return promise;
}
