import type { Duplex } from 'node:stream';
import type { Refusal } from '../refusal.ts';

/** The plain part of a connection, before TLS: what a dialogue hears and says. */
export interface Dialogue {
  write(text: string | Uint8Array): void;
  /** Returns the next line without its line break, a character for each byte. */
  line(): Promise<string>;
  /** Returns exactly so many bytes. */
  bytes(count: number): Promise<Buffer>;
  /** Returns what comes before a byte, which is taken too, a character for each byte; of more than so many bytes the beginning. */
  textTo(byte: number, maxBytes: number): Promise<string>;
  /** Notes that the server has greeted: the deadline of the dialogue starts now. */
  greeted(): void;
  /** Ends the dialogue because of `cause`: the server will not start TLS. Quotes the server’s words, if it had any. */
  refuse(cause: Refusal, sentence: string, answer?: string): never;
}

/** Who talks to whom. */
export interface Parties {
  /** The host as it would be asked for: XMPP names it. */
  service: string;
  /** The name by which we greet a mail server. */
  client: string;
}

/** What wraps TLS’s bytes from here on, where a protocol sends them in its own packets. */
export type Wrapping = (socket: Duplex) => Duplex;

/** One protocol’s words up to the moment at which TLS may start. */
export type UntilTls = (dialogue: Dialogue, parties: Parties) => Promise<Wrapping | undefined>;

/** A reply of one or more lines (RFC 5321 §4.2.1, RFC 959 §4.2). */
export interface Reply {
  code: string;
  lines: readonly string[];
}

/** A refusal within a reply: servers end one so that they had begun, and close. Another code may come in FTP's text only indented. */
const refusal = /^[45]\d\d(?: |$)/;

/**
 * Reads a reply: all lines but the last have `-` after the code, or come between two that begin with it. A refusal that ends it in their
 * place is the reply: postscreen sends one behind the first line of its greeting, and a timeout may interrupt any answer.
 */
export async function readReply(dialogue: Dialogue): Promise<Reply> {
  const lines: string[] = [];
  for (;;) {
    const line = await dialogue.line();
    lines.push(line);
    const code = /^\d{3}/.exec(lines[0] ?? '')?.[0];
    if (code === undefined)
      return dialogue.refuse('not-spoken', 'The server does not speak the protocol that was expected', line);
    if (line === code || line.startsWith(`${code} `)) return { code, lines };
    if (refusal.test(line)) return { code: line.slice(0, 3), lines: [line] };
  }
}

/** Returns the words of a reply in one line: the code once, an enhanced status code (RFC 3463) that repeats once, too. */
export function wordsOf({ code, lines }: Reply): string {
  const texts = lines.map((line) => (line.startsWith(code) ? line.slice(code.length + 1) : line).trim());
  const status = /^\d\.\d{1,3}\.\d{1,3}(?= |$)/.exec(texts[0] ?? '')?.[0];
  const rest = texts.map((text, index) =>
    index > 0 && status !== undefined && text.startsWith(status) ? text.slice(status.length).trim() : text,
  );
  return [code, ...rest].filter((text) => text !== '').join(' ');
}

/** Reads a number, its greatest byte first. */
export const bigEndian = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
