import type { Socket } from 'node:net';
import type { StarttlsProtocol } from '../../../shared/target.ts';

/** A server that speaks first does so by then; one that waits is asked in HTTP. */
const greetingMs = 700;
const answerMs = 1500;

/**
 * Finds out what a server speaks that did not answer in TLS, to tell a person what to change.
 * The socket is destroyed in every case.
 */
export async function probePlainProtocol(socket: Socket): Promise<string> {
  try {
    const greeting = (await firstBytes(socket, greetingMs)) ?? (await ask(socket));
    return describe(greeting ?? '');
  } finally {
    socket.destroy();
  }
}

function ask(socket: Socket): Promise<string | null> {
  socket.write('HEAD / HTTP/1.0\r\n\r\n');
  return firstBytes(socket, answerMs);
}

function firstBytes(socket: Socket, timeoutMs: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const onData = (chunk: Buffer) => settle(chunk.subarray(0, 200).toString('latin1'));
  const onEnd = () => settle(null);
  const timer = setTimeout(onEnd, timeoutMs);
  const settle = (text: string | null) => {
    clearTimeout(timer);
    socket.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
    resolve(text);
  };
  socket.on('data', onData).on('end', onEnd).on('error', onEnd).on('close', onEnd);
  return promise;
}

function describe(text: string): string {
  if (/^HTTP\/\d/.test(text)) return 'The server answers in plain HTTP: is TLS on another port?';
  const spoken = greetings.find(([pattern]) => pattern.test(text));
  if (!spoken) return 'The server does not answer in TLS: is this the right port?';
  return `The server speaks plain ${spoken[1]}: turn on STARTTLS for ${spoken[2]}.`;
}

const greetings: readonly [RegExp, string, StarttlsProtocol][] = [
  [/^220[ -].*\b(E?SMTP|mail|postfix|exim)\b/i, 'SMTP', 'smtp'],
  [/^220[ -].*LMTP/i, 'LMTP', 'lmtp'],
  [/^220[ -].*\b(FTP|FileZilla|vsFTPd)\b/i, 'FTP', 'ftp'],
  [/^220[ -]/, 'SMTP', 'smtp'],
  [/^\* (OK|PREAUTH)/i, 'IMAP', 'imap'],
  [/^\+OK/, 'POP3', 'pop3'],
  [/^20[01] /, 'NNTP', 'nntp'],
  [/^"IMPLEMENTATION"/i, 'ManageSieve', 'sieve'],
  [/^.{4}\x0a[\d.]+[^\0]*\0/s, 'MySQL', 'mysql'],
];
