import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, isIP, isIPv6 } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Log } from '../../engine/log.ts';
import type { Limits } from './limits.ts';
import { limitRequestTimes, neverLooks } from './request-deadlines.ts';

/** A place on which the service listens. */
export interface Listener {
  /** `http://127.0.0.1:PORT/` or `https://NAME:PORT/`. */
  url: string;
  port: number;
  /** Whether a Host header names this place: any other is DNS rebinding. */
  isOurHost: (host: string | undefined) => boolean;
  /** Whether a page of this Origin is our own. */
  isOurOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  /** Takes no more connections; resolves when those that are have ended, at the latest after the limit for it. */
  close(): Promise<void>;
}

/** Where the service listens for other machines, and the files (PEM) by which it proves who it is. */
export interface OpenListening {
  host: string;
  port: number;
  certFile: string;
  keyFile: string;
}

/** A certificate or key that cannot be used, as a sentence. */
export class ListenCertificateError extends Error {
  override name = 'ListenCertificateError';
}

/** How often the certificate's file is checked for changes, so that a renewal needs no restart. */
const certificateLookMs = 60_000;

/** Connections end in time by request-deadlines.ts. */
export const serverOptions = { connectionsCheckingInterval: neverLooks };

/** Listens on this machine alone. @throws the listen error */
export async function listenOnLoopback(
  port: number,
  limits: Limits,
  onRequest: (listener: Listener) => RequestListener,
): Promise<Listener> {
  const server = createServer(serverOptions);
  limitRequestTimes(server, limits);
  const taken = await listen(server, port, '127.0.0.1', limits);
  const names = [`127.0.0.1:${taken}`, `localhost:${taken}`, `[::1]:${taken}`];
  const listener: Listener = {
    url: `http://127.0.0.1:${taken}/`,
    port: taken,
    isOurHost: (host) => names.includes(host?.toLowerCase() ?? ''),
    isOurOrigin: (origin, host) => origin === undefined || origin === `http://${host}`,
    close: () => drainServer(server, limits.drainMs),
  };
  server.on('request', onRequest(listener));
  return listener;
}

/** Listens for other machines, over TLS. @throws ListenCertificateError, the listen error */
export async function listenToOthers(
  { host, port, certFile, keyFile }: OpenListening,
  limits: Limits,
  log: Log,
  onRequest: (listener: Listener) => RequestListener,
): Promise<Listener> {
  let files = readFiles(certFile, keyFile);
  const server = createTlsServer({
    ...serverOptions,
    handshakeTimeout: limits.headersMs,
    ...files.pem,
  });
  limitRequestTimes(server, limits);
  const taken = await listen(server, port, host, limits);
  const reload = setInterval(() => {
    try {
      const fresh = readFiles(certFile, keyFile, files.changedAt);
      if (!fresh) return;
      files = fresh;
      server.setSecureContext(files.pem);
      log.info(`${certFile} was renewed; it is shown from now on`);
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  }, certificateLookMs);
  reload.unref();
  const listener: Listener = {
    url: `https://${nameOf(files.certificate, host)}:${taken}/`,
    port: taken,
    isOurHost: (text) => isOfCertificate(text, taken, files.certificate),
    isOurOrigin: (origin, text) => origin === undefined || origin === `https://${text}`,
    async close() {
      clearInterval(reload);
      await drainServer(server, limits.drainMs);
    },
  };
  server.on('request', onRequest(listener));
  return listener;
}

interface Files {
  pem: { cert: string; key: string };
  certificate: X509Certificate;
  changedAt: string;
}

function readFiles(certFile: string, keyFile: string): Files;
function readFiles(certFile: string, keyFile: string, knownChange: string): Files | null;
function readFiles(certFile: string, keyFile: string, knownChange?: string): Files | null {
  try {
    const changedAt = [certFile, keyFile].map((path) => statSync(path).mtimeMs).join();
    if (changedAt === knownChange) return null;
    const pem = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    const certificate = new X509Certificate(pem.cert);
    if (!certificate.checkPrivateKey(createPrivateKey(pem.key)))
      throw new Error('the key belongs to another certificate');
    createSecureContext(pem); // Throws where the intermediates after it are none.
    return { pem, certificate, changedAt };
  } catch (error) {
    // SAFETY: what fs or createSecureContext throws; each field may be missing.
    const { code, message, path } = error as NodeJS.ErrnoException;
    throw new ListenCertificateError(
      path === undefined
        ? `${certFile} and ${keyFile} cannot be used as a certificate and its key in PEM (${message}).`
        : `${path} cannot be read (${code}).`,
      { cause: error },
    );
  }
}

/** A name of the certificate under which the listener is reached: the address itself where it names that. */
function nameOf(certificate: X509Certificate, host: string): string {
  if (certificate.checkIP(host)) return isIPv6(host) ? `[${host}]` : host;
  const name = /DNS:([^,\s*]+)/.exec(certificate.subjectAltName ?? '')?.[1];
  return name ?? (isIPv6(host) ? `[${host}]` : host);
}

function isOfCertificate(host: string | undefined, port: number, certificate: X509Certificate): boolean {
  const [, name = '', portText] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host ?? '') ?? [];
  if (Number(portText ?? 443) !== port || name === '') return false;
  const bare = name.replace(/^\[|\]$/g, '');
  return (isIP(bare) ? certificate.checkIP(bare) : certificate.checkHost(bare)) !== undefined;
}

async function listen(
  server: Server | TlsServer,
  port: number,
  host: string,
  { connections }: Limits,
): Promise<number> {
  server.maxConnections = connections;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, () => {
    server.off('error', reject);
    resolve();
  });
  await promise;
  // SAFETY: the server listens on a TCP port.
  return (server.address() as AddressInfo).port;
}

/** Stops accepting connections, and waits up to `drainMs` for open ones. */
export async function drainServer(server: Server | TlsServer, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // A connection that was in the middle of an answer is idle, and open, after it.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const patience = setTimeout(() => server.closeAllConnections(), drainMs);
  await promise;
  clearInterval(sweep);
  clearTimeout(patience);
}
