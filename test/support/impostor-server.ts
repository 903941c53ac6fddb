import { constants, createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { handshakeSecrets, RecordKeys } from '../../electron/engine/probe/tls-reader/key-schedule.ts';
import { shareOf, x25519Share } from '../../electron/engine/probe/tls-reader/key-shares.ts';
import { signedByVerify } from '../../electron/engine/probe/tls-reader/messages.ts';
import { suites13 } from '../../electron/engine/probe/tls-reader/parameters.ts';
import { uint16, vector } from '../../electron/engine/probe/tls-reader/wire.ts';
import type { Issued } from './pki.ts';
import { servePlain, type TestServer } from './tls-server.ts';

/** Changes a handshake message on its way, or leaves it as it is. */
export type Change = (message: Buffer, index: number) => Buffer;
const asItIs: Change = (sent) => sent;

const message = (type: number, ...body: readonly Buffer[]) =>
  Buffer.concat([Buffer.from([type]), vector(3, ...body)]);
const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3]), vector(2, content)]);

/** The client's public key of a group, out of the key_share extension that closes its hello. */
function clientShare(hello: Buffer): Buffer {
  const at = hello.indexOf(Buffer.from([0x00, 0x1d, 0x00, 0x20]), 100);
  return hello.subarray(at + 4, at + 36);
}

/**
 * The first flight of a server that shows a leaf and signs with a key that may be its own or not. No TLS library does
 * that, so it is made by hand, for P-256 and RSA keys.
 */
export function flight(
  version: 'TLSv1.2' | 'TLSv1.3',
  hello: Buffer,
  chain: readonly Issued[],
  key: KeyObject,
  change: Change = asItIs,
  encode: (certificate: Buffer) => Buffer = (certificate) => certificate,
): Buffer {
  return version === 'TLSv1.3'
    ? flight13(hello, chain, key, change, encode)
    : flight12(hello, chain, key, change);
}

/** A CompressedCertificate (RFC 8879 §4) of a Certificate message. @param length what it names as the length before compression */
export function compressedCertificate(
  certificate: Buffer,
  algorithm: number,
  compress: (body: Buffer) => Buffer,
  length = certificate.length - 4,
): Buffer {
  const named = Buffer.alloc(3);
  named.writeUIntBE(length, 0, 3);
  return message(25, uint16(algorithm), named, vector(3, compress(certificate.subarray(4))));
}

/** Code points of suites in which a server signs nothing: what is left on old devices. */
export const oldSuites = {
  TLS_RSA_WITH_3DES_EDE_CBC_SHA: 0x000a,
  TLS_RSA_WITH_RC4_128_SHA: 0x0005,
  TLS_RSA_WITH_RC4_128_MD5: 0x0004,
  TLS_RSA_WITH_DES_CBC_SHA: 0x0009,
} as const;

/**
 * An old device: it knows one suite, with RSA key exchange, and refuses who does not offer it by alert 40. It goes as far as its
 * ServerHelloDone (RFC 5246 §7.3), since no library here can go on.
 */
export function serveOldDevice(
  version: number,
  suite: number,
  chain: readonly Issued[],
  asksForClient = false,
): Promise<TestServer> {
  return servePlain((socket) => {
    let heard = Buffer.alloc(0);
    let isAnswered = false;
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (isAnswered || heard.length < 5 || heard.length < 5 + heard.readUInt16BE(3)) return;
      isAnswered = true;
      const hello = heard.subarray(5, 5 + heard.readUInt16BE(3));
      const suitesAt = 39 + (hello[38] ?? 0);
      const suites = hello.subarray(suitesAt + 2, suitesAt + 2 + hello.readUInt16BE(suitesAt));
      const offered = Array.from({ length: suites.length / 2 }, (_, index) => suites.readUInt16BE(index * 2));
      if (!offered.includes(suite)) return void socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 40]));
      const serverHello = message(
        2,
        uint16(version),
        randomBytes(32),
        vector(1),
        uint16(suite),
        Buffer.from([0]),
      );
      const certificate = message(11, vector(3, ...chain.map(({ der }) => vector(3, der))));
      const request = asksForClient ? [message(13, vector(1, Buffer.from([1])), vector(2))] : [];
      for (const one of [serverHello, certificate, ...request, message(14)])
        socket.write(Buffer.concat([Buffer.from([22]), uint16(version), vector(2, one)]));
    });
  });
}

/** A message that was changed into nothing is not sent. */
const isThere = (sent: Buffer) => sent.length > 0;

const isRsa = (key: KeyObject) => key.asymmetricKeyType === 'rsa';

function flight12(hello: Buffer, chain: readonly Issued[], key: KeyObject, change: Change): Buffer {
  const random = randomBytes(32);
  const suite = isRsa(key) ? 0xc02f : 0xc02b;
  const serverHello = message(2, uint16(0x0303), random, vector(1), uint16(suite), Buffer.from([0]));
  const certificate = message(11, vector(3, ...chain.map(({ der }) => vector(3, der))));
  const point = shareOf(0x17)?.publicKey ?? Buffer.alloc(0);
  const parameters = Buffer.concat([Buffer.from([3]), uint16(0x17), vector(1, point)]);
  const signature = sign('sha256', Buffer.concat([hello.subarray(6, 38), random, parameters]), key);
  const exchange = message(12, parameters, uint16(isRsa(key) ? 0x0401 : 0x0403), vector(2, signature));
  const messages = [serverHello, certificate, exchange, message(14)].map(change);
  return Buffer.concat(messages.filter(isThere).map((one) => record(22, one)));
}

function flight13(
  hello: Buffer,
  chain: readonly Issued[],
  key: KeyObject,
  change: Change,
  encode: (certificate: Buffer) => Buffer,
): Buffer {
  const suite = suites13[0x1301];
  if (!suite) throw new Error('The suite is not known.');
  const share = x25519Share();
  const extensions = Buffer.concat([
    uint16(0x002b, 2, 0x0304),
    uint16(0x0033),
    vector(2, uint16(0x001d), vector(2, share.publicKey)),
  ]);
  const serverHello = change(
    message(
      2,
      uint16(0x0303),
      randomBytes(32),
      vector(1, hello.subarray(39, 39 + (hello[38] ?? 0))), // the client's session id, echoed (RFC 8446 §4.1.3)
      uint16(0x1301),
      Buffer.from([0]),
      vector(2, extensions),
    ),
    0,
  );
  const transcript = createHash('sha256').update(hello).update(serverHello);
  const secrets = handshakeSecrets('sha256', share.agree(clientShare(hello)), transcript.copy().digest());
  const keys = new RecordKeys(suite, secrets.server);
  const encryptedExtensions = message(8, vector(2));
  const entries = chain.map(({ der }) => Buffer.concat([vector(3, der), vector(2)]));
  const certificate = encode(message(11, vector(1), vector(3, ...entries)));
  transcript.update(encryptedExtensions).update(certificate);
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const signature = sign(
    'sha256',
    signedByVerify(transcript.digest()),
    isRsa(key) ? { key, ...pss } : { key },
  );
  const verify = message(15, uint16(isRsa(key) ? 0x0804 : 0x0403), vector(2, signature));
  const inner = [encryptedExtensions, certificate, verify].map((one, index) => change(one, index + 1));
  return Buffer.concat([record(22, serverHello), ...inner.filter(isThere).map((one) => keys.seal(22, one))]);
}

/** Serves such a flight to whoever says hello. */
export function serveImpostor(
  version: 'TLSv1.2' | 'TLSv1.3',
  chain: readonly Issued[],
  key: KeyObject,
  encode?: (certificate: Buffer) => Buffer,
): Promise<TestServer> {
  return servePlain((socket) => {
    let heard = Buffer.alloc(0);
    let isAnswered = false;
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (isAnswered || heard.length < 5 || heard.length < 5 + heard.readUInt16BE(3)) return;
      isAnswered = true;
      socket.write(flight(version, heard.subarray(5, 5 + heard.readUInt16BE(3)), chain, key, asItIs, encode));
    });
  });
}
