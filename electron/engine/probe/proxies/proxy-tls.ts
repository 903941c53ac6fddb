import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { loadInputFile, loadModifiedMs } from '../files/input-file.ts';
import type { ProxyServer } from './proxy.ts';
import { proxyFailure } from './proxy-failure.ts';

const maxContexts = 20;
const contexts = new Map<string, tls.SecureContext>();

/**
 * Loads what proxies are verified by: Mozilla's roots, the system's and the CA files. Reading it takes long, so it is kept.
 * @throws InputFileError; the signal's reason where it aborts
 */
export async function loadProxyContext(
  caFiles: readonly string[],
  signal: AbortSignal,
): Promise<tls.SecureContext> {
  const modified: [string, number][] = [];
  for (const path of caFiles) modified.push([path, await loadModifiedMs(path, signal)]);
  const key = JSON.stringify(modified);
  const known = contexts.get(key);
  if (known) return known;
  const own: string[] = [];
  for (const path of caFiles)
    own.push((await loadInputFile('The CA file', 'caFiles', path, signal)).toString('latin1'));
  const ca = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...own];
  const context = tls.createSecureContext({ ca });
  if (contexts.size >= maxContexts) contexts.clear();
  contexts.set(key, context);
  return context;
}

/**
 * Shakes hands with a proxy that is spoken to in TLS. Unlike a host that is checked it is verified: it gets a password. Node's defaults
 * agree on no curve but NIST's with it, so that its certificate can be read (decisions/0001).
 * @throws UnreachableError where it cannot be verified
 */
export function startProxyTls(
  socket: Socket,
  { host, port }: ProxyServer,
  secureContext: tls.SecureContext,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const secure = tls.connect({
    socket,
    secureContext,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  const onError = (error: NodeJS.ErrnoException) => {
    secure.destroy();
    reject(proxyFailure(host, port, whyNot(error), error));
  };
  const onClose = () => onError(new Error('it closed the connection'));
  secure
    .once('error', onError)
    .once('close', onClose)
    .once('secureConnect', () => {
      secure.off('error', onError).off('close', onClose);
      resolve(secure);
    });
  return promise;
}

function whyNot(error: NodeJS.ErrnoException): string {
  const { code = '', message } = error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name';
  if (/CERT_HAS_EXPIRED/.test(code)) return 'its certificate has expired';
  if (/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|UNSPECIFIED|CERT/.test(code))
    return `its certificate is not trusted here (${code}); name its CA as a CA file`;
  if (/^ECONNRESET$|closed the connection/.test(`${code}${message}`)) return 'it closed the connection';
  return `it does not answer in TLS (${String(Reflect.get(error, 'reason') ?? code)})`;
}
