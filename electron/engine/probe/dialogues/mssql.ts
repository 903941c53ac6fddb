import { bigEndian, type UntilTls } from './dialogue.ts';
import { TdsStream, tdsPacket, tdsType } from './tds-stream.ts';

/** PRELOGIN's options and what they hold: [MS-TDS] §2.2.6.5. */
const option = { version: 0, encryption: 1, end: 0xff } as const;
const encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** VERSION, which must come first, and ENCRYPTION: on. Offsets count from the first option. */
const prelogin = Buffer.from([
  ...[option.version, 0, 11, 0, 6],
  ...[option.encryption, 0, 17, 0, 1],
  option.end,
  ...[0, 0, 0, 0, 0, 0],
  encryption.on,
]);

/**
 * SQL Server with TDS 7.x: after PRELOGIN the TLS handshake goes in packets of TDS ([MS-TDS] §3.2.5.1). TDS 8.0 begins with TLS and
 * is no dialogue.
 */
export const mssql: UntilTls = async (dialogue) => {
  dialogue.write(tdsPacket(tdsType.prelogin, prelogin));
  const head = await dialogue.bytes(8);
  const length = head.readUInt16BE(2);
  if (head[0] !== tdsType.response || length < 8 + 6)
    dialogue.refuse('not-spoken', 'The server does not speak SQL Server’s protocol', head.toString('latin1'));
  const answered = readEncryption(await dialogue.bytes(length - 8));
  if (answered === null)
    dialogue.refuse('not-spoken', 'The SQL Server does not say in its PRELOGIN whether it encrypts');
  if (answered === encryption.notSupported)
    dialogue.refuse('not-offered', 'The SQL Server does not offer TLS');
  return (socket) => new TdsStream(socket);
};

function readEncryption(options: Buffer): number | null {
  for (let at = 0; at + 5 <= options.length && options[at] !== option.end; at += 5) {
    if (options[at] !== option.encryption) continue;
    return options[bigEndian(options.subarray(at + 1, at + 3))] ?? null;
  }
  return null;
}
