import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a mail server says otherwise than usual: its greeting, and replies by the beginning of a command in upper case. */
export interface SmtpScript {
  greeting?: string;
  replies?: Readonly<Record<string, string | (() => string)>>;
}

/** A message that a mail server has taken. */
interface TakenMail {
  recipients: string[];
  data: string;
}

/** A mail server in plain text that does as a script says (RFC 5321), for what no real one does on demand. */
export async function serveSmtp(script: SmtpScript = {}) {
  const messages: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new Conversation(socket, script, messages).begin();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // SAFETY: a server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    messages,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

class Conversation {
  readonly #socket: Socket;
  readonly #script: SmtpScript;
  readonly #messages: TakenMail[];
  #pending = '';
  #data: string | null = null;
  #recipients: string[] = [];

  constructor(socket: Socket, script: SmtpScript, messages: TakenMail[]) {
    this.#socket = socket;
    this.#script = script;
    this.#messages = messages;
  }

  begin(): void {
    this.#socket.on('error', () => undefined); // A client may leave in the middle.
    this.#socket.setEncoding('utf8').on('data', (piece: string) => {
      this.#pending += piece;
      const lines = this.#pending.split('\r\n');
      this.#pending = lines.pop() ?? '';
      for (const line of lines) this.#data === null ? this.#command(line) : this.#content(line);
    });
    this.#say(this.#script.greeting ?? '220 mx.example ESMTP');
  }

  #say(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  #scripted(command: string): string | null {
    const { replies = {} } = this.#script;
    const name = Object.keys(replies).find((start) => command.toUpperCase().startsWith(start));
    const reply = name === undefined ? undefined : replies[name];
    return typeof reply === 'function' ? reply() : (reply ?? null);
  }

  #content(line: string): void {
    if (line !== '.') {
      this.#data += `${line}\n`;
      return;
    }
    const reply = this.#scripted('.') ?? '250 2.0.0 Taken';
    if (reply.startsWith('2')) this.#messages.push({ recipients: this.#recipients, data: this.#data ?? '' });
    this.#data = null;
    this.#say(reply);
  }

  #command(line: string): void {
    const reply = this.#scripted(line) ?? usualReply(line);
    if (/^MAIL FROM:/i.test(line)) this.#recipients = [];
    if (/^RCPT TO:/i.test(line) && reply.startsWith('2'))
      this.#recipients.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
    if (reply.startsWith('354')) this.#data = '';
    this.#say(reply);
    if (/^QUIT/i.test(line)) this.#socket.end();
  }
}

function usualReply(line: string): string {
  if (/^DATA$/i.test(line)) return '354 Go on';
  if (/^STARTTLS$/i.test(line)) return '502 5.5.1 Not implemented';
  return /^QUIT/i.test(line) ? '221 2.0.0 Bye' : '250 2.0.0 OK';
}
