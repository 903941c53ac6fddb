import { connect, type Socket } from 'node:net';
import { servePlain, type TestServer } from './tls-server.ts';

/** What is done to a TLS 1.2 server's first flight on its way to the client. */
export type Tampering =
  /** The signature over the key exchange is spoiled: as from a server that does not hold the certificate's key. */
  | 'spoil-signature'
  /** The connection ends after the certificate, before the key exchange. */
  | 'end-after-certificate'
  /** An alert, handshake_failure, follows the certificate in place of the key exchange. */
  | 'alert-after-certificate';

const handshakeRecord = 22;
const serverKeyExchange = 12;
const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

/** A proxy between a client and a TLS 1.2 server that sends each handshake message in a record of its own. */
export function serveTampering(port: number, tampering: Tampering): Promise<TestServer> {
  return servePlain((client) => {
    const server = connect(port, '127.0.0.1');
    server.on('error', () => client.destroy());
    client.once('close', () => server.destroy());
    client.pipe(server);
    let unread = Buffer.alloc(0);
    server.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let end = recordEnd(unread); end !== null; end = recordEnd(unread)) {
        const record = Buffer.from(unread.subarray(0, end));
        unread = unread.subarray(end);
        if (!passOn(record, client, tampering)) return;
      }
    });
  });
}

/** Passes a record on, tampered with. Returns whether the connection goes on. */
function passOn(record: Buffer, client: Socket, tampering: Tampering): boolean {
  if (!isKeyExchange(record)) client.write(record);
  else if (tampering === 'spoil-signature') client.write(spoilLastByte(record));
  else {
    if (tampering === 'end-after-certificate') client.end();
    else client.end(alert);
    return false;
  }
  return true;
}

function recordEnd(bytes: Buffer): number | null {
  if (bytes.length < 5) return null;
  const end = 5 + bytes.readUInt16BE(3);
  return bytes.length < end ? null : end;
}

function isKeyExchange(record: Buffer): boolean {
  return record[0] === handshakeRecord && record[5] === serverKeyExchange;
}

function spoilLastByte(record: Buffer): Buffer {
  record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
  return record;
}
