import type { UntilTls } from './dialogue.ts';

/** CLIENT_SSL among the capability flags. */
const clientSsl = 0x0800;

/** MySQL: initial handshake packet and SSLRequest (its client/server protocol, “Connection Phase”). */
export const mysql: UntilTls = async (dialogue) => {
  const [low = 0, middle = 0, high = 0, sequence = 0] = await dialogue.bytes(4);
  const greeting = await dialogue.bytes(low | (middle << 8) | (high << 16));
  dialogue.greeted();
  if (greeting[0] === 0xff) {
    // ERR_Packet: a number, and with protocol 4.1 a state of five characters behind `#`.
    const number = greeting.length < 3 ? 0 : greeting.readUInt16LE(1);
    const text = greeting
      .subarray(3, 600)
      .toString('latin1')
      .replace(/^#\w{5}/, '');
    dialogue.refuse('turned-away', `The MySQL server refuses the connection (error ${number})`, text);
  }
  const afterVersion = greeting.indexOf(0, 1) + 1;
  const flagsAt = afterVersion + 4 + 8 + 1; // thread id, first part of the scramble, a filler
  if (greeting[0] !== 10 || afterVersion === 0 || greeting.length < flagsAt + 2)
    dialogue.refuse(
      'not-spoken',
      'The server does not speak MySQL’s protocol',
      greeting.toString('latin1', 0, 200),
    );
  if ((greeting.readUInt16LE(flagsAt) & clientSsl) === 0)
    dialogue.refuse('not-offered', 'The MySQL server does not offer TLS');
  const request = Buffer.alloc(4 + 32);
  request.writeUInt32LE(32 + ((sequence + 1) & 0xff) * 2 ** 24, 0); // length in three bytes, sequence
  request.writeUInt32LE(0x0000_8a00 | clientSsl, 4); // protocol 4.1, secure connection, SSL
  request.writeUInt32LE(0x0100_0000, 8); // largest packet
  request.writeUInt8(45, 12); // utf8mb4
  dialogue.write(request);
  return undefined;
};
