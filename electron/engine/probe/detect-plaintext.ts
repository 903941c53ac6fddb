import type { Socket } from 'node:net';
import { protocolEntries } from '../../../shared/domain/starttls/protocols.ts';

/** A server that speaks first does so by then; one that waits is asked in HTTP. */
const greetingMs = 700;
const answerMs = 1500;

/**
 * Finds out what a server speaks that did not answer in TLS, to tell a person what to change.
 * The socket is destroyed in every case; once the signal aborts, what was heard until then is the answer.
 */
export async function probePlainProtocol(socket: Socket, signal: AbortSignal): Promise<string> {
  try {
    const greeting = (await firstBytes(socket, greetingMs, signal)) ?? (await ask(socket, signal));
    return describe(greeting ?? '');
  } finally {
    socket.destroy();
  }
}

function ask(socket: Socket, signal: AbortSignal): Promise<string | null> {
  socket.write('HEAD / HTTP/1.0\r\n\r\n');
  return firstBytes(socket, answerMs, signal);
}

function firstBytes(socket: Socket, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const onData = (chunk: Buffer) => settle(chunk.subarray(0, 200).toString('latin1'));
  const onEnd = () => settle(null);
  const timer = setTimeout(onEnd, timeoutMs);
  const settle = (text: string | null) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onEnd);
    socket.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
    resolve(text);
  };
  socket.on('data', onData).on('end', onEnd).on('error', onEnd).on('close', onEnd);
  if (signal.aborted) onEnd();
  else signal.addEventListener('abort', onEnd, { once: true });
  return promise;
}

function describe(text: string): string {
  if (/^HTTP\/\d/.test(text)) return 'The server answers in plain HTTP: is TLS on another port?';
  const spoken = protocolEntries.find(([, { greeting }]) => greeting?.test(text));
  if (!spoken) return 'The server does not answer in TLS: is this the right port?';
  const [name, { title }] = spoken;
  return `The server speaks plain ${title}: turn on STARTTLS for ${name}.`;
}
