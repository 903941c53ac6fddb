import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { errorCode } from '../error-code.ts';
import { printable } from '../printable.ts';
import type { OnUnproven, ServerPresentation } from './presentation.ts';
import { QuietWatch } from './quiet-watch.ts';
import { TappedStream } from './tapped-stream.ts';
import { tellsKeyExchange } from './tls-contexts.ts';
import { AlertError, alertOf } from './tls-reader/index.ts';
import { UnreachableError } from './unreachable.ts';

/** A chain of more certificates than this is cut: no client would follow it. */
const maxCertificates = 50;

export interface HandshakeOptions {
  /** Called before a rejection where the server had presented a certificate. */
  onUnproven?: OnUnproven;
  /** Application protocols to offer; none by default. */
  alpn?: readonly string[];
  /**
   * Leaves the reading of a socket to node:tls alone, which costs a sixth less, until a server that has answered says nothing more for
   * so many milliseconds, hangs up, or refuses the client. By default every byte is seen on its way.
   */
  quietMs?: number | null;
}

/**
 * The server's last word may have been an alert that node:tls does not report, or its refusal of the client may follow a proof of its key:
 * shake hands again with every byte seen and OpenSSL's log read.
 */
export class LastWordUnheard extends Error {
  override name = 'LastWordUnheard';
}

/**
 * Shakes hands by node:tls over a connected socket and reads what the server presents. The socket is destroyed
 * in every case.
 * @param servername sent as SNI; null sends none (RFC 6066 §3 forbids addresses)
 * @throws UnreachableError `not-tls`, `reset` or `handshake`; the signal's reason where it aborts; LastWordUnheard with `quietMs` alone
 */
export function shakeHands(
  socket: Duplex,
  servername: string | null,
  secureContext: tls.SecureContext,
  signal: AbortSignal,
  { onUnproven = () => undefined, alpn = [], quietMs = null }: HandshakeOptions = {},
): Promise<ServerPresentation> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerPresentation>();
  let staple: Buffer | null = null;
  const quiet = quietMs !== null && isPlainSocket(socket) ? new QuietWatch(socket, quietMs) : null;
  const stream = quiet !== null ? socket : tapAlerts(socket, (alert) => settle(alert));
  const secure = tls.connect({ socket: stream, secureContext, ...helloOptions(servername, alpn) });
  let presented: ServerPresentation | null = null;
  const settle = (error?: Error) => finish(() => (presented ? resolve(presented) : conclude(error)));
  /** The handshake did not finish. What was presented is shown where its key was proven by then. */
  const conclude = (error: Error | undefined) => {
    const mayBeProven = !signal.aborted && isRefusalOfClient(error) && hasProvenKey(secure);
    const isProven = mayBeProven && hasSentFinished;
    const seen = readPresentation(secure, staple, isProven);
    if (seen && isProven) return resolve(seen);
    // Noted also where another handshake follows, which may fail.
    if (seen) onUnproven(seen);
    if (mayBeProven && quiet !== null) return reject(new LastWordUnheard());
    reject(signal.aborted ? signal.reason : failureOf(error, seen !== null, quiet?.hasAnswered ?? false));
  };
  quiet?.start(() => finish(() => reject(new LastWordUnheard())));
  const onAbort = () => settle();
  let isFinished = false;
  const finish = (answer: () => void) => {
    if (isFinished) return;
    isFinished = true;
    signal.removeEventListener('abort', onAbort);
    quiet?.stop();
    answer();
    secure.destroy();
    stream.destroy();
    socket.destroy();
  };
  // OpenSSL logs the secret of TLS 1.2 and older as it sends its Finished (tls_construct_finished), which it does only once
  // it has verified the server's whole flight. In TLS 1.3 it logs others, sooner.
  let hasSentFinished = false;
  const noteFinished = (line: Buffer) => {
    hasSentFinished ||= line.toString('latin1').startsWith('CLIENT_RANDOM ');
  };
  // The log costs each handshake a twentieth, and few end so that it is needed: those shake hands again.
  if (quiet === null) secure.on('keylog', noteFinished);
  secure.on('OCSPResponse', (response: Buffer | null) => {
    staple = response && response.length > 0 ? Buffer.from(response) : null;
  });
  secure.once('secureConnect', () => {
    presented = readPresentation(secure, staple, true); // Else the library would have broken it off.
    if (!presented)
      return finish(() =>
        reject(new UnreachableError('handshake', 'The server did not present a certificate.')),
      );
    // With TLS 1.3 our last words are still on their way: without them and a goodbye, every check would stand in the
    // server's log as a handshake that failed.
    secure.end(() => settle());
  });
  // Not `once`: with TLS 1.3 a refusal can follow the handshake, after the promise has settled.
  secure.on('error', settle);
  // Before Node's own listener, which destroys the socket and with it what was read.
  secure.prependOnceListener('end', () => settle());
  secure.once('close', () => settle());
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

/** Returns what a hello carries. Nothing is verified here: an unverified chain is what is to be read. */
function helloOptions(servername: string | null, alpn: readonly string[]): tls.ConnectionOptions {
  return {
    rejectUnauthorized: false,
    requestOCSP: true,
    ...(servername === null ? {} : { servername }),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
  };
}

function readPresentation(
  secure: tls.TLSSocket,
  staple: Buffer | null,
  isKeyProven: boolean,
): ServerPresentation | null {
  // Never getPeerCertificate: it ends the process for keys on curves other than NIST's. This one gives the chain once.
  let certificate = secure.getPeerX509Certificate();
  if (!certificate) return null;
  const chain: Buffer[] = [];
  while (certificate && chain.length < maxCertificates) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return {
    chain,
    protocol: secure.getProtocol(),
    cipher: secure.getCipher()?.standardName ?? secure.getCipher()?.name ?? null,
    staple,
    isKeyProven,
  };
}

/** Whether node:tls reads from it without a detour, and it counts what came: a socket of TCP, and not of TLS. */
function isPlainSocket(stream: Duplex): stream is Socket {
  return stream instanceof Socket && !(stream instanceof tls.TLSSocket);
}

/** Of an alert that no document names node:tls reports nothing, and would wait for the deadline. */
function tapAlerts(socket: Duplex, onAlert: (alert: AlertError) => void): TappedStream {
  return new TappedStream(socket, (chunk) => {
    const alert = unnamedAlert(chunk);
    if (alert !== null) onAlert(alert);
  });
}

/** Returns the alert of a record in the clear that no document names (RFC 8446 §5.1, §6); null where it is none. */
function unnamedAlert([type, major, , high, low, level, description]: Buffer): AlertError | null {
  if (type !== 21 || major !== 3 || high !== 0 || low !== 2 || level !== 2 || description === undefined)
    return null;
  const alert = new AlertError(description);
  return alert.isNamed ? null : alert;
}

/**
 * Whether the server broke the handshake off because of the client's certificate, or the lack of one: by an alert, or
 * without a word. What our own side found wrong, a signature say, proves nothing that could be shown.
 */
function isRefusalOfClient(error: Error | undefined): boolean {
  if (error === undefined || /^(ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '')) return true;
  const alert = alertOf(error);
  return alert !== null && new AlertError(alert).refusesClient;
}

/**
 * Whether the server has shown that it holds the certificate's key although the handshake did not finish: up to TLS 1.2 it
 * signs its key exchange (RFC 5246 §7.4.3), and OpenSSL goes on only where the signature is right. Without an ephemeral
 * key the proof is the server's Finished, in TLS 1.3 its CertificateVerify (RFC 8446 §4.4.3), which comes after the key
 * exchange: neither has come. BoringSSL does not tell.
 */
function hasProvenKey(secure: tls.TLSSocket): boolean {
  if (!tellsKeyExchange() || !/^TLSv1(\.[12])?$/.test(secure.getProtocol() ?? '')) return false;
  // Before a key was exchanged, the fields are there and undefined.
  return Object.values(secure.getEphemeralKeyInfo() ?? {}).some((field) => field !== undefined);
}

/** What the libraries say that is not an alert and has its own sentence. */
const librarySentences: readonly [RegExp, string][] = [
  [/dh.key.too.small/i, 'The server’s Diffie-Hellman key is too small for a handshake.'],
  [/excessive.message.size/i, 'The server’s certificate message is larger than the TLS library reads.'],
];

/** The sentence for the library's own complaint. */
function sentenceFor(text: string): string | undefined {
  const words = text.replaceAll('_', ' ').toLowerCase();
  return librarySentences.find(([pattern]) => pattern.test(words))?.[1];
}

/** Not a TLS record, in the words of both libraries. */
const notTls =
  /wrong.version.number|packet.length.too.long|http.request|unknown.protocol|record.layer.failure|bad.record.type|unexpected.message.{0,100}record/i;

/** @param mayHaveMissed whether the server answered, and what it said was not seen on its way */
function failureOf(error: Error | undefined, hasSpokenTls: boolean, mayHaveMissed: boolean): Error {
  const failure = handshakeFailure(error, hasSpokenTls);
  return mayHaveMissed && failure.reason === 'reset' ? new LastWordUnheard() : failure;
}

function handshakeFailure(error: Error | undefined, hasSpokenTls: boolean): UnreachableError {
  if (error instanceof AlertError) return error;
  const cause = { cause: error };
  const code = errorCode(error) ?? '';
  const message = error?.message ?? '';
  if (error === undefined || code === 'ECONNRESET' || code === 'EPIPE') {
    return new UnreachableError('reset', 'The server closed the connection during the TLS handshake.', cause);
  }
  const alert = alertOf(error);
  if (alert !== null) return new AlertError(alert, cause);
  const text = `${code} ${message}`;
  const sentence = sentenceFor(text);
  if (sentence !== undefined) return new UnreachableError('handshake', sentence, cause);
  if (!hasSpokenTls && notTls.test(text.replaceAll('_', ' '))) {
    return new UnreachableError('not-tls', 'The server does not answer in TLS.', cause);
  }
  // The message of OpenSSL carries files and lines of its source; `reason` is the library's word for what happened.
  const reason = String(Reflect.get(error, 'reason') ?? (code || message));
  if (/asn.?1|x509|x\.509/i.test(String(Reflect.get(error, 'library') ?? ''))) {
    const unread = `The server’s certificate cannot be read: ${printable(reason, 200)}.`;
    return new UnreachableError('handshake', unread, cause);
  }
  return new UnreachableError('handshake', `The TLS handshake failed: ${printable(reason, 200)}.`, cause);
}
