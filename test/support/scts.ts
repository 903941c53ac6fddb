import { oddExtension } from './odd-extensions.ts';

/** A timestamp of a made-up log in TLS's presentation language (RFC 6962 §3.2); nobody verifies its signature here. */
function sct(log: number, ms: number, version = 0): Buffer {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt(ms));
  const signature = Buffer.from('0403000430020500', 'hex');
  return Buffer.concat([
    Buffer.from([version]),
    Buffer.alloc(32, log),
    timestamp,
    Buffer.alloc(2),
    signature,
  ]);
}

const withLength = (bytes: Buffer) =>
  Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);

/** A SignedCertificateTimestampList (RFC 6962 §3.3). */
export function sctList(...scts: readonly { log: number; ms: number; version?: number }[]): Buffer {
  return withLength(Buffer.concat(scts.map(({ log, ms, version }) => withLength(sct(log, ms, version)))));
}

const der = (tag: number, content: Buffer) =>
  Buffer.concat([
    Buffer.from(content.length < 128 ? [tag, content.length] : [tag, 0x81, content.length]),
    content,
  ]);

/** The list as a certificate's extension; two timestamps unless given. */
export function sctExtension(
  list = sctList({ log: 1, ms: 1_700_000_000_000 }, { log: 2, ms: 1_700_000_000_001 }),
) {
  return oddExtension('1.3.6.1.4.1.11129.2.4.2', der(4, list).toString('hex'));
}
