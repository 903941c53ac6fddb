import type { UntilTls } from './dialogue.ts';

/** “AMQP”, then protocol id 2 for TLS, and version 1.0.0 (OASIS AMQP 1.0, part 5 §5.2.1). */
const tlsHeader = Buffer.from('414d515002010000', 'hex');

/** AMQP 1.0: a server that will speak TLS answers with the same header; any other answers with the header that it speaks, and closes. */
export const amqp: UntilTls = async (dialogue) => {
  dialogue.write(tlsHeader);
  const answer = await dialogue.bytes(tlsHeader.length);
  if (answer.equals(tlsHeader)) return;
  if (answer.subarray(0, 4).toString('latin1') !== 'AMQP')
    dialogue.refuse('not-spoken', 'The server does not speak AMQP', answer.toString('latin1'));
  const [id = 0, major = 0, minor = 0, revision = 0] = answer.subarray(4);
  // AMQP 0-9-1 writes its version behind a zero (its specification, §4.2.2).
  const version = id === 0 && major === 0 ? `0-${minor}-${revision}` : `${major}.${minor}`;
  dialogue.refuse(
    'not-offered',
    `The AMQP server does not start TLS on a plain connection: it answers with AMQP ${version}`,
  );
};
