/** Returns an address without what may be a secret: its scheme, host and port. */
export function bareAddress(address: string): string {
  return `${new URL(address).origin}/`;
}

/** Returns a proxy's address without its user and password. */
export function withoutPassword(proxy: string): string {
  const url = new URL(proxy);
  if (url.username === '' && url.password === '') return proxy;
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
