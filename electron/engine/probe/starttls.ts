import type { Socket } from 'node:net';
import { protocols, type StarttlsProtocol } from '../../../shared/domain/starttls/protocols.ts';
import type { Parties, Wrapping } from './dialogues/dialogue.ts';
import { DialogueReader, tlsComesFirst } from './dialogues/dialogue-reader.ts';
import { dialogues } from './dialogues/dialogues.ts';
import { UnreachableError } from './unreachable.ts';

/** What a dialogue needs beside the socket. */
export interface StartTlsOptions {
  protocol: StarttlsProtocol;
  parties: Parties;
  /** Called once the server has greeted; protocols in which the client speaks first never do. */
  onGreeted?: () => void;
  /** Called when the first words of the server arrive. */
  onHeard?: () => void;
  /** How many milliseconds of silence pass before the port is probed for TLS; null: not before the server has spoken. */
  silenceMs: number | null;
  /** Finds out on a separate connection whether the port answers in TLS. */
  answersInTls: () => Promise<boolean>;
}

/**
 * Has a plain dialogue until TLS may start on the socket. Where the server says nothing or hangs up at once, the port is
 * probed, since it may speak TLS first. One that answers our words with a TLS alert has shown that already.
 * @returns what wraps TLS's bytes, for protocols that do
 * @throws UnreachableError `starttls-refused` where the server will not, `reset` where it hangs up
 */
export async function startTls(socket: Socket, options: StartTlsOptions): Promise<Wrapping | undefined> {
  const { protocol, parties, silenceMs } = options;
  using talk = new DialogueReader(socket, options.onGreeted);
  const { onHeard = () => undefined } = options;
  socket.once('data', onHeard);
  let looking: Promise<boolean> | null = null;
  const look = () => {
    looking ??= options.answersInTls();
    return looking;
  };
  const endWhereTlsComesFirst = async () => {
    if (!talk.hasHeard && (await look())) talk.end(tlsComesFirst());
  };
  const timer =
    silenceMs === null
      ? undefined
      : setTimeout(() => void endWhereTlsComesFirst().catch(() => undefined), silenceMs); // Then the dialogue says it.
  try {
    const wrapping = await dialogues[protocol](talk, parties);
    if (talk.hasUnread)
      talk.refuse('injected', 'The server continues in plain text after it agreed to start TLS');
    return wrapping;
  } catch (error) {
    clearTimeout(timer);
    if (hungUpAtOnce(error, talk.hasHeard) && silenceMs !== null && (await look())) throw tlsComesFirst();
    throw error;
  } finally {
    socket.off('data', onHeard);
    clearTimeout(timer);
  }
}

function hungUpAtOnce(error: unknown, hasHeard: boolean): boolean {
  return error instanceof UnreachableError && error.reason === 'reset' && !hasHeard;
}

/** Whether the server speaks first in a protocol. */
export function greetsFirst(protocol: StarttlsProtocol): boolean {
  return 'greeting' in protocols[protocol];
}
