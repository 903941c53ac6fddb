import type { Hash } from 'node:crypto';
import type { ServerPresentation } from '../presentation.ts';
import { readCompressedCertificate } from './certificate-compression.ts';
import { handshakeType, readCertificate13, readCertificateVerify, signedByVerify } from './messages.ts';
import type { HandshakeMessage } from './records.ts';
import type { Shown } from './shown.ts';
import { WireError } from './wire.ts';

/** What a server sends in TLS 1.3 behind its hello, protected (RFC 8446 §4.3, §4.4). */
export class Flight13 {
  /** Hash of every message so far. */
  readonly #transcript: Hash;
  readonly #shown: Shown;

  constructor(transcript: Hash, shown: Shown) {
    this.#transcript = transcript;
    this.#shown = shown;
  }

  /** Takes a message. @returns what is presented, once that is known @throws WireError, KeyNotHeld, NotSpoken */
  take({ type, body, whole }: HandshakeMessage): ServerPresentation | null {
    switch (type) {
      case handshakeType.encryptedExtensions:
      case handshakeType.certificateRequest:
        if (this.#shown.hasChain) throw new WireError('Its messages come in a wrong order.');
        break;
      case handshakeType.certificate:
        this.#takeCertificate(body);
        break;
      case handshakeType.compressedCertificate:
        // The transcript has it as it came (RFC 8879 §4).
        this.#takeCertificate(readCompressedCertificate(body));
        break;
      case handshakeType.certificateVerify: {
        const { scheme, signature } = readCertificateVerify(body);
        const data = signedByVerify(this.#transcript.copy().digest());
        return this.#shown.prove({ data, signature, scheme, authentication: 'rsa', is13: true });
      }
      default:
        throw new WireError(`A message of type ${type} has no place here.`);
    }
    this.#transcript.update(whole);
    return null;
  }

  #takeCertificate(body: Buffer): void {
    const { chain, staple, sctList } = readCertificate13(body);
    this.#shown.keepChain(chain);
    this.#shown.staple = staple;
    this.#shown.sctList = sctList;
  }
}
