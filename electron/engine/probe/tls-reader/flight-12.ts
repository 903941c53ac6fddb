import type { ServerPresentation } from '../presentation.ts';
import {
  handshakeType,
  readCertificate12,
  readCertificateStatus,
  readServerKeyExchange,
  type ServerHello,
} from './messages.ts';
import type { Suite12 } from './parameters.ts';
import type { HandshakeMessage } from './records.ts';
import type { Shown } from './shown.ts';
import { WireError } from './wire.ts';

/** TLS 1.2 names the scheme of a signature; older versions go by the suite. */
const tls12 = 0x0303;

/** What a server sends up to TLS 1.2 behind its hello, in the clear (RFC 5246 §7.4). */
export class Flight12 {
  readonly #suite: Suite12;
  readonly #hello: ServerHello;
  readonly #clientRandom: Buffer;
  readonly #shown: Shown;
  #asksForClient = false;

  constructor(suite: Suite12, hello: ServerHello, clientRandom: Buffer, shown: Shown) {
    this.#suite = suite;
    this.#hello = hello;
    this.#clientRandom = clientRandom;
    this.#shown = shown;
    shown.sctList = hello.sctList;
  }

  /** Takes a message. @returns what is presented, once that is known @throws WireError, KeyNotHeld, NotSpoken */
  take({ type, body }: HandshakeMessage): ServerPresentation | null {
    switch (type) {
      case handshakeType.certificate:
        this.#shown.keepChain(readCertificate12(body));
        return null;
      case handshakeType.certificateStatus:
        this.#shown.staple = readCertificateStatus(body);
        return null;
      case handshakeType.serverKeyExchange:
        return this.#takeKeyExchange(body);
      case handshakeType.certificateRequest:
        this.#asksForClient = true;
        return null;
      case handshakeType.helloRequest:
        return null;
      case handshakeType.serverHelloDone: {
        const { unproven } = this.#shown;
        // With RSA key exchange a server proves its key only by what it says after ours.
        if (this.#suite.exchange !== 'rsa' || !unproven)
          throw new WireError('Its messages end before a key was exchanged.');
        return { ...unproven, provesAfterClient: this.#asksForClient };
      }
      default:
        throw new WireError(`A message of type ${type} has no place here.`);
    }
  }

  #takeKeyExchange(body: Buffer): ServerPresentation {
    const { exchange, authentication } = this.#suite;
    if (exchange === 'rsa') throw new WireError('A key exchange comes that was not agreed on.');
    const namesScheme = this.#hello.version >= tls12;
    const { parameters, scheme, signature } = readServerKeyExchange(body, exchange, namesScheme);
    const data = Buffer.concat([this.#clientRandom, this.#hello.random, parameters]);
    return this.#shown.prove({ data, signature, scheme, authentication, is13: false });
  }
}
