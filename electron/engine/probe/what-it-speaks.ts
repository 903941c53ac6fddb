import type { Socket } from 'node:net';
import {
  protocolEntries,
  protocols,
  type StarttlsProtocol,
} from '../../../shared/domain/starttls/protocols.ts';
import type { Parties } from './dialogues/dialogue.ts';
import { DialogueReader, RefusedError } from './dialogues/dialogue-reader.ts';
import { dialogues } from './dialogues/dialogues.ts';
import { greetsFirst } from './starttls.ts';

/** A server that speaks first does so by then; one that waits is asked in HTTP. */
const greetingMs = 700;
const answerMs = 1500;
/** How long a server is given to answer in a protocol in which the client speaks first. */
const dialogueMs = 2_000;

export interface Look {
  /** Opens a connection to the port. */
  open: () => Promise<Socket>;
  /** The host as it would be asked for. */
  service: string;
  /** The protocols that are asked for, each on a separate connection. */
  protocols: readonly StarttlsProtocol[];
  /** Once it aborts, what was heard until then is the answer. */
  signal: AbortSignal;
}

/** What a server speaks: a sentence that says what to change, and the protocol that it answered; null: it spoke first, or HTTP. */
export interface Spoken {
  sentence: string;
  by: StarttlsProtocol | null;
}

/** Finds out what a server speaks that did not answer in TLS; null if unknown. */
export async function whatItSpeaks(look: Look): Promise<Spoken | null> {
  const names = look.protocols.filter((name) => !greetsFirst(name));
  const asked = new Map(names.map((name) => [name, askIn(name, look)]));
  // Prosody lets servers into its port for clients until they have authenticated: clients go first.
  const ofClients = asked.get('xmpp');
  const ofServers = asked.get('xmpp-server');
  if (ofClients && ofServers)
    asked.set(
      'xmpp-server',
      ofClients.then((answer) => (answer === null ? ofServers : null)),
    );
  const told = (sentence: string | null, by: StarttlsProtocol | null): Spoken | null =>
    sentence === null ? null : { sentence, by };
  const answers = [
    listen(look).then((sentence) => told(sentence, null)),
    ...[...asked].map(([name, answer]) => answer.then((sentence) => told(sentence, name))),
  ];
  const { promise, resolve } = Promise.withResolvers<Spoken | null>();
  for (const answer of answers) void answer.then((spoken) => spoken !== null && resolve(spoken));
  void Promise.all(answers).then(() => resolve(null));
  return promise;
}

/** What a server says unasked, or to a line of HTTP. The socket is destroyed in every case. */
async function listen(look: Look): Promise<string | null> {
  const { open, signal } = look;
  let socket: Socket;
  try {
    socket = await open();
  } catch {
    return null; // It did not let itself be asked again.
  }
  try {
    const text = (await firstBytes(socket, greetingMs, signal)) ?? (await askInHttp(socket, signal)) ?? '';
    return (await nameByDialogue(text, look)) ?? describe(text);
  } finally {
    socket.destroy();
  }
}

function askInHttp(socket: Socket, signal: AbortSignal): Promise<string | null> {
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
    socket.on('error', () => undefined); // What comes after is of no interest.
    resolve(text);
  };
  socket.on('data', onData).on('end', onEnd).on('error', onEnd).on('close', onEnd);
  if (signal.aborted) onEnd();
  else signal.addEventListener('abort', onEnd, { once: true });
  return promise;
}

/** Three protocols greet by 220 (RFC 5321, 2033, 959): where the words do not tell which, having each one's dialogue does. */
async function nameByDialogue(text: string, look: Look): Promise<string | null> {
  if (!/^220[ -]/.test(text) || /\b(E?SMTP|LMTP|FTP)\b/i.test(text)) return null;
  const answers = await Promise.all(sameGreeting.map((name) => askIn(name, look)));
  const agreed = sameGreeting.find((name, index) => answers[index] === speaks(name));
  // FTP refuses what it does not know as any of them does: that tells nothing.
  return agreed ? speaks(agreed) : (answers[0] ?? answers[1] ?? null);
}

const sameGreeting = ['smtp', 'lmtp', 'ftp'] as const;

function describe(text: string): string | null {
  if (/^HTTP\/\d/.test(text)) return 'The server answers in plain HTTP: is TLS on another port?';
  const spoken = protocolEntries.find(([, { greeting }]) => greeting?.test(text));
  return spoken ? speaks(spoken[0]) : null;
}

const speaks = (name: StarttlsProtocol) =>
  `The server speaks plain ${protocols[name].title}: turn on STARTTLS for ${name}.`;

async function askIn(name: StarttlsProtocol, { open, service, signal }: Look): Promise<string | null> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(dialogueMs)]);
  let socket: Socket;
  try {
    socket = await open();
  } catch {
    return null; // It did not let itself be asked again.
  }
  const parties: Parties = { service, client: 'localhost' };
  using talk = new DialogueReader(socket);
  const onAbort = () => socket.destroy();
  within.addEventListener('abort', onAbort, { once: true });
  try {
    if (within.aborted) return null;
    await dialogues[name](talk, parties);
    return talk.hasUnread ? null : speaks(name);
  } catch (error) {
    const isItsOwn =
      error instanceof RefusedError && /^(not-offered|cannot-start|unknown-domain)$/.test(error.refusal);
    if (!isItsOwn || talk.hasUnread) return null;
    return `The server speaks plain ${protocols[name].title}, and starts no TLS on this port.`;
  } finally {
    within.removeEventListener('abort', onAbort);
    socket.on('error', () => undefined).destroy();
  }
}
