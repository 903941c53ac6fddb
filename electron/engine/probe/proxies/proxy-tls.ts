import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { modifiedMs, readInputFile } from '../files/input-file.ts';
import type { ProxyServer } from './proxy.ts';
import { proxyFailure } from './proxy-failure.ts';

const maxContexts = 20;
const contexts = new Map<string, tls.SecureContext>();

/** What proxies are verified by: Mozilla's roots, the system's and the CA files. Reading it takes long, so it is kept. */
function contextFor(caFiles: readonly string[]): tls.SecureContext {
  const key = JSON.stringify(caFiles.map((path) => [path, modifiedMs(path)]));
  const known = contexts.get(key);
  if (known) return known;
  const own = caFiles.map((path) => readInputFile('The CA file', 'caFiles', path).toString('latin1'));
  const ca = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...own];
  const context = tls.createSecureContext({ ca });
  if (contexts.size >= maxContexts) contexts.clear();
  contexts.set(key, context);
  return context;
}

/**
 * Shakes hands with a proxy that is spoken to in TLS. Unlike a host that is checked it is verified: it gets a password. Node's defaults
 * agree on no curve but NIST's with it, so that its certificate can be looked at (decisions/0001).
 * @throws UnreachableError where it cannot be verified
 */
export function startProxyTls(
  socket: Socket,
  { host, port }: ProxyServer,
  caFiles: readonly string[],
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const secure = tls.connect({
    socket,
    secureContext: contextFor(caFiles),
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
