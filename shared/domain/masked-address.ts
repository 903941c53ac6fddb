/** Stands in answers for a part that is secret. Given back, it leaves that part as it is. */
export const mask = '***';

const masked = /:\/\/\*\*\*@|\/\*\*\*(?:[/?#]|$)|[?#]\*\*\*/;

/** Tells whether an address has a masked part: it must not be used as it is. */
export function isMaskedAddress(address: string): boolean {
  return masked.test(address);
}

/** Parts of paths that are known to be no secret: services' own, and names that people give to a path. */
const openSegments: ReadonlySet<string> = new Set([
  ...[
    '',
    'alertmanager',
    'alerts',
    'am',
    'api',
    'common',
    'connect',
    'gotify',
    'integration',
    'jsm',
    'login',
  ],
  ...[
    'matrix',
    'monitoring',
    'ntfy',
    'oauth',
    'oauth2',
    'openid-connect',
    'ops',
    'organizations',
    'prometheus',
  ],
  ...['protocol', 'push', 'realms', 'token', 'v1', 'v2', 'v2.0', 'v3'],
]);

/**
 * Returns an address for people to see: without its user and password, and without what may be a token in its path, query or fragment.
 * To the letter where it has none of these.
 */
export function maskAddress(address: string): string {
  if (!URL.canParse(address)) return mask;
  const { protocol, username, password, host, pathname, search, hash } = new URL(address);
  const segments = pathname.split('/');
  const isOpen = segments.every((segment) => openSegments.has(segment));
  const hasUser = username !== '' || password !== '';
  if (isOpen && !hasUser && search === '' && hash === '') return address;
  const path = isOpen && pathname === '/' ? '' : segments.map(maskSegment).join('/');
  return `${protocol}//${hasUser ? `${mask}@` : ''}${host}${path}${search && `?${mask}`}${hash && `#${mask}`}`;
}

const maskSegment = (segment: string) => (openSegments.has(segment) ? segment : mask);

/** Returns an address that is a secret as a whole for people to see: where it leads, and that the rest is kept. */
export function maskSecretAddress(address: string): string {
  if (!URL.canParse(address)) return mask;
  const url = new URL(address);
  return url.href === `${url.origin}/` ? address : `${url.origin}/${mask}`;
}

/** A value that is nothing but the placeholder of a secret, behind the name of a scheme such as Bearer. */
const placeholder = /^(?:[A-Za-z][\w-]{0,30} )?\{\{secret\}\}$/;

/** Tells whether the value of a header holds no secret. */
export function isOpenValue(value: string): boolean {
  return value === mask || placeholder.test(value);
}

/** Returns a header's value for people to see. */
export function maskValue(value: string): string {
  return isOpenValue(value) ? value : mask;
}
