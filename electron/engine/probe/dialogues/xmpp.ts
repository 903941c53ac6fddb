import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Dialogue, Parties, UntilTls } from './dialogue.ts';

const streamNamespace = 'http://etherx.jabber.org/streams';
const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';
const errorNamespace = 'urn:ietf:params:xml:ns:xmpp-streams';

/** XMPP for clients: RFC 6120 §5.4. */
export const xmpp: UntilTls = (dialogue, parties) => converse(dialogue, parties, 'jabber:client');

/** XMPP between servers. */
export const xmppServer: UntilTls = (dialogue, parties) => converse(dialogue, parties, 'jabber:server');

async function converse(dialogue: Dialogue, { service }: Parties, namespace: string): Promise<undefined> {
  const to = service.replace(/[<>&'"]/g, '');
  dialogue.write(
    `<?xml version='1.0'?><stream:stream to='${to}' xmlns='${namespace}' xmlns:stream='${streamNamespace}' version='1.0'>`,
  );
  const stream = new XmlStream(dialogue);
  const features = await stream.next();
  if (features.is('error', streamNamespace)) refuseByError(dialogue, features, to);
  if (!features.is('features', streamNamespace))
    dialogue.refuse('not-spoken', 'The XMPP server does not tell what it offers', features.name);
  if (!features.children.some(({ name, uri }) => name === 'starttls' && uri === tlsNamespace))
    dialogue.refuse('not-offered', 'The XMPP server does not offer STARTTLS');
  dialogue.write(`<starttls xmlns='${tlsNamespace}'/>`);
  const answer = await stream.next();
  if (answer.is('proceed', tlsNamespace)) return;
  if (answer.is('error', streamNamespace)) refuseByError(dialogue, answer, to);
  dialogue.refuse('cannot-start', 'The XMPP server refuses STARTTLS', answer.name);
}

/** RFC 6120 §4.9.3: the first child of the stream's namespace of errors is the condition; a text may follow. */
function refuseByError(dialogue: Dialogue, { children }: XmlElement, to: string): never {
  const own = children.filter(({ uri }) => uri === errorNamespace);
  const condition = own.find(({ name }) => name !== 'text')?.name ?? 'undefined-condition';
  const text = own.find(({ name }) => name === 'text')?.text.trim();
  const isUnknown = condition === 'host-unknown' || condition === 'host-gone';
  const sentence = isUnknown
    ? `The XMPP server does not serve ${to} (${condition})`
    : `The XMPP server ends the stream (${condition})`;
  return dialogue.refuse(isUnknown ? 'unknown-domain' : 'turned-away', sentence, text || undefined);
}

/** An element directly within the stream, with those directly within it. */
class XmlElement {
  readonly name: string;
  readonly uri: string;
  readonly children: { name: string; uri: string; text: string }[] = [];

  constructor({ local, uri }: SaxesTagNS) {
    this.name = local;
    this.uri = uri;
  }

  is(name: string, uri: string): boolean {
    return this.name === name && this.uri === uri;
  }
}

/**
 * Reads a stream's elements by saxes, which knows namespaces whatever their prefixes, and never a byte beyond an element's end: TLS
 * follows `<proceed/>` at once.
 */
class XmlStream {
  readonly #dialogue: Dialogue;
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #depth = 0;
  #element: XmlElement | null = null;
  #ended: XmlElement | null = null;
  #isOver = false;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
    const refuse = (what: string) => dialogue.refuse('not-spoken', `The server does not speak XMPP: ${what}`);
    this.#parser.on('doctype', () => refuse('it sends a document type (RFC 6120 §11.1 forbids it)'));
    this.#parser.on('error', () => refuse('what it sends is no XML'));
    this.#parser.on('opentag', (tag) => {
      this.#depth += 1;
      if (this.#depth === 1 && (tag.local !== 'stream' || tag.uri !== streamNamespace))
        refuse(`it begins with <${tag.local}>`);
      if (this.#depth === 2) this.#element = new XmlElement(tag);
      if (this.#depth === 3) this.#element?.children.push({ name: tag.local, uri: tag.uri, text: '' });
    });
    this.#parser.on('text', (text) => {
      const child = this.#element?.children.at(-1);
      if (this.#depth === 3 && child) child.text += text;
    });
    this.#parser.on('closetag', () => {
      this.#depth -= 1;
      if (this.#depth === 1) this.#ended = this.#element;
      if (this.#depth === 0) this.#isOver = true;
    });
  }

  /** Returns the next element once it has ended. */
  async next(): Promise<XmlElement> {
    this.#ended = null;
    while (this.#ended === null) {
      if (this.#isOver) this.#dialogue.refuse('turned-away', 'The XMPP server ends the stream');
      this.#parser.write(this.#decode(await this.#dialogue.bytes(1)));
    }
    return this.#ended;
  }

  #decode(byte: Uint8Array): string {
    try {
      return this.#decoder.decode(byte, { stream: true });
    } catch {
      return this.#dialogue.refuse('not-spoken', 'The server does not speak XMPP: what it sends is no UTF-8');
    }
  }
}
