import { z } from 'zod';
import { isMaskedAddress, mask } from '../domain/masked-address.ts';
import { isSealed, sealedMessage } from '../domain/sealed.ts';
import { localPaths } from './local-path.ts';
import { isIpv4, isIpv6, wireName } from './target.ts';

const path = (what: string) => z.string().min(1, `${what} is a path.`).max(4096);

/** URL schemes of proxies with their default ports. */
export const proxyPorts: Readonly<Record<string, number>> = {
  'http:': 8080,
  'https:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
  'socks4:': 1080,
  'socks4a:': 1080,
};

/** What a proxy is written as. */
export const proxyMessage =
  'A proxy is written http://host:port, https://host:port, socks5://host:port or socks4a://host:port.';

export const proxySchema = z
  .string()
  .max(4096, proxyMessage)
  .refine((text) => text.length <= 1024 || isSealed(text), proxyMessage)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, pathname, search, hash } = new URL(text);
    return (
      protocol in proxyPorts && hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === ''
    );
  }, proxyMessage)
  .describe(
    'http://[user:password@]host:port for HTTP CONNECT, https:// for the same in TLS, or socks5://, socks4a:// or socks4://[user:password@]host:port.',
  );

/** Returns why an address of a proxy cannot be entered, as a sentence; null: it can. Stored ones may be older than this rule. */
function proxyProblem(proxy: string): string | null {
  const { success, error } = proxySchema.safeParse(proxy);
  if (!success) return error.issues[0]?.message ?? proxyMessage;
  const { username, password } = new URL(proxy);
  return [username, password].every(isPercentEncoded)
    ? null
    : 'Write % in the user name or password of a proxy as %25, and other signs in the same form.';
}

/** Whether each % begins a character of UTF-8 (RFC 3986 §2.1). */
function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false; // It is no percent-encoding.
  }
}

/** Refuses the address of a proxy that cannot be entered. @param proxyOf returns the address, or null for another choice */
export const refuseProxy =
  <Value>(proxyOf: (value: Value) => string | null | undefined, at: readonly (string | number)[] = []) =>
  (value: Value, context: z.RefinementCtx): void => {
    const proxy = proxyOf(value);
    const message = proxy === null || proxy === undefined ? null : proxyProblem(proxy);
    if (message !== null) context.addIssue({ code: 'custom', path: [...at], message });
  };

const addressSchema = z
  .string()
  .trim()
  .refine((text) => isIpv4(text) || isIpv6(text), 'An address is an IPv4 or IPv6 address.')
  .describe('Connects to this IP address instead of resolving the name.');

const ehloMessage = 'An EHLO name is a host name, or an address in brackets such as [192.0.2.1].';

/** What a mail client may call itself: a name, or an address literal (RFC 5321 §4.1.3). */
export const ehloNameSchema = z
  .string()
  .trim()
  .max(255, ehloMessage)
  .refine((text) => {
    const [, literal] = /^\[(?:IPv6:)?(.*)\]$/i.exec(text) ?? [];
    if (literal !== undefined) return isIpv4(literal) || isIpv6(literal);
    return !isIpv4(text) && !isIpv6(text) && wireName(text) !== null;
  }, ehloMessage)
  .describe('Name sent to mail servers in EHLO or LHLO.');

const clientCertificateSchema = z
  .strictObject({
    certFile: path('A certificate file').describe('PEM file with the certificate and its intermediates.'),
    keyFile: path('A key file').describe('PEM file with its private key.'),
    passphraseFile: path('A passphrase file')
      .nullable()
      .default(null)
      .describe('File whose first line is the key’s passphrase.'),
  })
  .describe('Client certificate, for servers that require one.');

/** How a target is reached. Everything has a default: straight, to whichever address answers first. */
export const connectionSchema = z
  .strictObject({
    address: addressSchema
      .nullable()
      .default(null)
      .describe('IP address to connect to instead of resolving the name; null: resolve the name.'),
    family: z
      .enum(['any', 'ipv4', 'ipv6'], { error: 'family is any, ipv4 or ipv6.' })
      .default('any')
      .describe('Address family to use.'),
    allAddresses: z
      .boolean()
      .default(false)
      .describe(
        'Checks every address of the name and shows the worst result, which finds a stale node behind a load balancer.',
      ),
    proxy: z
      .union([proxySchema, z.literal('none')], { error: proxyMessage })
      .nullable()
      .default(null)
      .describe('Null: the proxy of the settings, if any. none: connect directly.'),
    clientCertificate: clientCertificateSchema
      .nullable()
      .default(null)
      .describe('Client certificate to present when the server asks for one; null: none.'),
    ehloName: ehloNameSchema
      .nullable()
      .default(null)
      .describe(
        'Name sent to mail servers in EHLO or LHLO; null: the name in the settings, otherwise this machine’s name.',
      ),
    reader: z
      .enum(['light', 'full'], { error: 'reader is light or full.' })
      .default('light')
      .describe(
        'light: reads the certificate and the proof of its key without completing the handshake. full: completes the handshake as clients do; used automatically with a client certificate and where light fails.',
      ),
    bothCertificates: z
      .boolean()
      .default(false)
      .describe('Requests both the ECDSA and the RSA certificate of a server and shows the worse one.'),
  })
  .superRefine(({ address, allAddresses, bothCertificates, reader, clientCertificate }, context) => {
    if (bothCertificates && (reader === 'full' || clientCertificate !== null)) {
      context.addIssue({
        code: 'custom',
        path: ['bothCertificates'],
        message:
          'Only the light reader can request both certificates, and it cannot present a client certificate.',
      });
    }
    if (address !== null && allAddresses) {
      context.addIssue({
        code: 'custom',
        path: ['allAddresses'],
        message: 'Remove the fixed IP address to check all addresses.',
      });
    }
  })
  .describe('How to connect to the target.');
export type Connection = z.infer<typeof connectionSchema>;

/** A connection being edited: its files must be local paths. */
export const editedConnectionSchema = connectionSchema
  .superRefine(
    localPaths(({ clientCertificate }) =>
      Object.entries(clientCertificate ?? {}).map(([field, file]) => [['clientCertificate', field], file]),
    ),
  )
  .superRefine(refuseProxy(({ proxy }) => (proxy === 'none' ? null : proxy), ['proxy']));

/** A connection that comes from outside: a sealed password in it was another place's, and one that is not shown is missing. */
export const newConnectionSchema = editedConnectionSchema
  .refine(({ proxy }) => !isSealed(proxy ?? ''), { path: ['proxy'], error: sealedMessage })
  .refine(({ proxy }) => !isMaskedAddress(proxy ?? ''), {
    path: ['proxy'],
    error: `Enter the user name and password of the proxy instead of ${mask}.`,
  });

export const defaultConnection: Connection = connectionSchema.parse({});
