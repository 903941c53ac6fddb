/** The plain part of a connection, before TLS: what a dialogue hears and says. */
export interface Talk {
  write(text: string | Uint8Array): void;
  /** The next line without its line break, a character for each byte. */
  line(): Promise<string>;
  bytes(count: number): Promise<Uint8Array>;
  /** Everything up to and with the first match, a character for each byte. */
  through(pattern: RegExp): Promise<string>;
  /** Ends the dialogue: the server will not start TLS. Its own words are quoted, if it had any. */
  refuse(sentence: string, answer?: string): never;
}

/** One protocol's words up to the moment at which TLS may start. `name` is the host as it would be asked for. */
export type Dialogue = (talk: Talk, name: string) => Promise<void>;

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** A reply of one or more lines, all but the last with `-` after the code (RFC 5321 §4.2.1, RFC 959 §4.2). */
export async function reply(talk: Talk): Promise<{ code: string; text: string }> {
  const lines: string[] = [];
  for (;;) {
    const line = await talk.line();
    lines.push(line);
    const code = /^\d{3}/.exec(lines[0] ?? '')?.[0];
    if (code === undefined) talk.refuse('The server does not speak the protocol that was expected', line);
    if (line === code || line.startsWith(`${code} `)) return { code, text: lines.join('\n') };
  }
}

/** A reply with one of the codes; any other ends the dialogue with the sentence. */
export async function expectReply(talk: Talk, codes: readonly string[], sentence: string): Promise<string> {
  const { code, text } = await reply(talk);
  return codes.includes(code) ? text : talk.refuse(sentence, text);
}
