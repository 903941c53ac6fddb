import { createHash, type Hash } from 'node:crypto';
import type { ServerPresentation } from '../presentation.ts';
import { UnreachableError } from '../unreachable.ts';
import { AlertError, closeNotify } from './alerts.ts';
import { clientHello, type HelloOptions } from './client-hello.ts';
import { Flight12 } from './flight-12.ts';
import { Flight13 } from './flight-13.ts';
import { handshakeSecrets, RecordKeys } from './key-schedule.ts';
import { type KeyShare, shareOf } from './key-shares.ts';
import { handshakeType, readServerHello, type ServerHello } from './messages.ts';
import { NotSpoken } from './not-spoken.ts';
import { type Suite13, suites12, suites13, versions } from './parameters.ts';
import {
  contentType,
  type HandshakeMessage,
  MessageJoiner,
  RecordSplitter,
  type TlsRecord,
} from './records.ts';
import { Shown } from './shown.ts';
import type { LeafKeys } from './signatures.ts';
import { uint16, vector, WireError } from './wire.ts';

/*
 * Just enough of TLS to learn what a server presents, and to see it prove that it holds the key. This is no TLS library:
 * it sends no application data, authenticates no client, resumes nothing and finishes no session. What it reads, with
 * where it is specified:
 *
 *   ClientHello            RFC 8446 §4.1.2, RFC 5246 §7.4.1.2     client-hello.ts
 *   ServerHello, retry     RFC 8446 §4.1.3 and §4.1.4             messages.ts
 *   EncryptedExtensions    RFC 8446 §4.3.1                        passed over
 *   CertificateRequest     RFC 8446 §4.3.2, RFC 5246 §7.4.4       passed over
 *   Certificate            RFC 8446 §4.4.2, RFC 5246 §7.4.2       messages.ts
 *   CompressedCertificate  RFC 8879 §4                            certificate-compression.ts
 *   CertificateStatus      RFC 6066 §8                            messages.ts
 *   ServerKeyExchange      RFC 5246 §7.4.3, RFC 8422 §5.4         messages.ts
 *   CertificateVerify      RFC 8446 §4.4.3                        messages.ts
 *   records and alerts     RFC 8446 §5 and §6                     records.ts, alerts.ts
 *
 * flight-12.ts and flight-13.ts put the messages behind the hello in order; shown.ts keeps what they show.
 */

/** What a step leads to: bytes to send, and what the server presents once it is known. */
export interface Step {
  send: Buffer | null;
  presented: ServerPresentation | null;
}

/** The messages of a recorded client: its first, and where the server asked for another, that and its key share. */
export interface RecordedHellos {
  hello: Buffer;
  retry?: { hello: Buffer; share: KeyShare };
}

/** Warnings of a server that are passed over (RFC 5246 §7.2). */
const maxWarnings = 4;

/** The state of a handshake, fed with what the server sends. Knows no socket, and keeps nothing once it has ended. */
export class ServerFlight {
  readonly #options: HelloOptions;
  readonly #keys: LeafKeys;
  readonly #recorded: RecordedHellos | undefined;
  readonly #records = new RecordSplitter();
  readonly #messages = new MessageJoiner();
  #hello: Buffer;
  #shares: readonly KeyShare[];
  #send: Buffer[] = [];
  #presented: ServerPresentation | null = null;
  #warnings = 0;
  #lastWarning: number | null = null;
  #wasRetried = false;
  #agreed: ServerHello | null = null;
  /** What follows the server's hello, once it has come, and what was shown in it. */
  #flight: Flight12 | Flight13 | null = null;
  #shown: Shown | null = null;
  /** TLS 1.3: hash of every message so far, and the keys of both directions. */
  #transcript: Hash | null = null;
  #serverKeys: RecordKeys | null = null;
  #clientKeys: RecordKeys | null = null;

  /** @param recorded what was sent, where it is not to be made from the options: recorded handshakes are replayed so */
  constructor(options: HelloOptions, keys: LeafKeys, recorded?: RecordedHellos) {
    this.#options = options;
    this.#keys = keys;
    this.#shares = options.shares;
    this.#recorded = recorded;
    this.#hello = recorded?.hello ?? clientHello(options);
  }

  /** The bytes to begin with. */
  start(): Buffer {
    // The record's version is 1.0, which no server minds (RFC 8446 §5.1).
    return plainRecord(contentType.handshake, 0x0301, this.#hello);
  }

  /**
   * Takes what the server sent.
   * @throws UnreachableError `not-tls`, `reset` or `handshake`; NotSpoken where the full reader is to be asked
   */
  feed(chunk: Buffer): Step {
    try {
      for (const record of this.#records.split(chunk)) {
        this.#takeRecord(record);
        if (this.#presented) break;
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new UnreachableError(
        'handshake',
        `The server’s handshake breaks the rules of TLS: ${lower(error.message)}`,
        {
          cause: error,
        },
      );
    }
    const send = this.#send.length === 0 ? null : Buffer.concat(this.#send);
    this.#send = [];
    return { send, presented: this.#presented };
  }

  /** What the server has presented so far without a proof of its key; null where it is no certificate. */
  get unproven(): ServerPresentation | null {
    return this.#shown?.unproven ?? null;
  }

  /** Returns why the server hung up without a fatal alert: a warning that it sent before, where there was one. */
  hungUp(cause?: Error): UnreachableError {
    const options = cause && { cause };
    if (this.#lastWarning !== null) return new AlertError(this.#lastWarning, options);
    return new UnreachableError(
      'reset',
      'The server closed the connection during the TLS handshake.',
      options,
    );
  }

  /** Last words, so that the server need not wonder: close_notify, protected where the server's flight was. */
  goodbye(): Buffer {
    const alert = Buffer.from([1, closeNotify]);
    return this.#clientKeys
      ? this.#clientKeys.seal(contentType.alert, alert)
      : plainRecord(contentType.alert, Math.min(this.#agreed?.version ?? 0x0303, 0x0303), alert);
  }

  #takeRecord({ type, header, payload }: TlsRecord): void {
    if (type === contentType.changeCipherSpec) return; // For boxes between (RFC 8446 §D.4): it means nothing here.
    if (type === contentType.protected && this.#serverKeys) {
      const { type: inner, content } = this.#serverKeys.open(header, payload);
      this.#takeContent(inner, content);
      return;
    }
    if (this.#serverKeys && type === contentType.handshake)
      throw new WireError('A message comes unprotected that must be protected.');
    this.#takeContent(type, payload);
  }

  #takeContent(type: number, content: Buffer): void {
    if (type === contentType.alert) {
      this.#takeAlert(content);
      return;
    }
    if (type !== contentType.handshake)
      throw new WireError('A record comes that has no place in a handshake.');
    for (const message of this.#messages.join(content)) {
      this.#takeMessage(message);
      if (this.#presented) return;
    }
  }

  #takeAlert(content: Buffer): void {
    const [level, description] = content;
    if (level === undefined || description === undefined)
      throw new WireError('An alert ends before it should.');
    const isWarning = level === 1 && description !== closeNotify;
    this.#warnings += 1;
    if (isWarning && this.#warnings <= maxWarnings) {
      this.#lastWarning = description;
      return;
    }
    // A close after a warning is explained by it, as after user_canceled (RFC 8446 §6.1).
    throw new AlertError(description === closeNotify ? (this.#lastWarning ?? closeNotify) : description);
  }

  #takeMessage(message: HandshakeMessage): void {
    if (this.#flight) this.#presented = this.#flight.take(message);
    else this.#takeHello(message);
  }

  #takeHello({ type, body, whole }: HandshakeMessage): void {
    if (type === handshakeType.helloRequest) return;
    if (type !== handshakeType.serverHello) throw new WireError('Its first message is no ServerHello.');
    const hello = readServerHello(body);
    const version = versions[hello.version];
    if (version === undefined) throw new WireError('The server chose a version that was not offered.');
    if (version !== 'TLSv1.3') {
      const old = suites12.get(hello.suite);
      if (!old) throw new WireError('The server chose a cipher suite that was not offered.');
      this.#agreed = hello;
      this.#shown = new Shown(this.#keys, hello.version, old.name);
      this.#flight = new Flight12(old, hello, this.#options.random, this.#shown);
      return;
    }
    const suite = suites13[hello.suite];
    if (!suite) throw new WireError('The server chose a cipher suite that was not offered.');
    if (this.#messages.isWithin) throw new WireError('A message follows unprotected that must be protected.');
    if (hello.isRetryRequest) {
      this.#retry(hello, suite, whole);
      return;
    }
    this.#transcript ??= createHash(suite.hash).update(this.#hello);
    this.#transcript.update(whole);
    const share = this.#shares.find(({ group }) => group === hello.group);
    if (!share || !hello.share) throw new WireError('The server chose a key exchange that was not offered.');
    const secrets = handshakeSecrets(suite.hash, share.agree(hello.share), this.#transcript.copy().digest());
    this.#serverKeys = new RecordKeys(suite, secrets.server);
    this.#clientKeys = new RecordKeys(suite, secrets.client);
    this.#agreed = hello;
    this.#shown = new Shown(this.#keys, hello.version, suite.name);
    this.#flight = new Flight13(this.#transcript, this.#shown);
  }

  /** RFC 8446 §4.1.4: the server wants another group; §4.4.1: the first hello counts by its hash from then on. */
  #retry({ group, cookie }: ServerHello, suite: Suite13, whole: Buffer): void {
    if (this.#wasRetried) throw new WireError('The server asks for another hello twice.');
    this.#wasRetried = true;
    let shares = this.#shares;
    if (group !== null) {
      if (shares.some((one) => one.group === group))
        throw new WireError('The server asks for a key share that it has.');
      const share = this.#recorded?.retry?.share ?? shareOf(group);
      if (!share || share.group !== group)
        throw new NotSpoken('The server wants a group in which no key can be made here.');
      shares = [share];
    }
    const first = createHash(suite.hash).update(this.#hello).digest();
    this.#shares = shares;
    this.#hello =
      this.#recorded?.retry?.hello ??
      clientHello({ ...this.#options, shares, ...(cookie === null ? {} : { cookie }) });
    this.#transcript = createHash(suite.hash)
      .update(Buffer.from([254]))
      .update(vector(3, first))
      .update(whole)
      .update(this.#hello);
    this.#send.push(plainRecord(contentType.handshake, 0x0303, this.#hello));
  }
}

function plainRecord(type: number, version: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), uint16(version), vector(2, content)]);
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
