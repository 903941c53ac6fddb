/** Local part and domain without quotes or literals: others are refused where a constraint holds (BoringSSL does). */
const mailbox = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~.]+@[a-z0-9.-]+$/i;
const domainOrSubdomains = /^\.?[a-z0-9-][a-z0-9.-]*$/i;

export const isMailbox = (text: string) => mailbox.test(text);

export const isMailConstraint = (text: string) =>
  isMailbox(text) || domainOrSubdomains.test(text) || text === '';

/**
 * Whether an e-mail address lies in a constraint: one mailbox, a host, or with a dot before it whatever lies below a
 * domain (RFC 5280 §4.2.1.10). Only the domain's case does not count.
 * @param isAny where the case of the local part does not count either, as excluded ones must be read
 */
export function isMailboxWithin(address: string, constraint: string, isAny: boolean): boolean {
  if (constraint === '') return true;
  const [local = '', domain = ''] = address.split('@');
  const [wanted, host] = constraint.split('@');
  const lower = domain.toLowerCase();
  if (host !== undefined && wanted !== undefined) {
    const isSame = isAny ? local.toLowerCase() === wanted.toLowerCase() : local === wanted;
    return isSame && lower === host.toLowerCase();
  }
  const bare = constraint.toLowerCase();
  return bare.startsWith('.') ? lower.endsWith(bare) : lower === bare;
}

/** Host of a URI with an authority (RFC 3986 §3.2.2); null where it has none or an address. */
export function uriHost(uri: string): string | null {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host === undefined || /^[\d.]+$/.test(host) ? null : host.toLowerCase();
}

/** Whether a URI's host is the constraint's, or with a dot before it lies below that (RFC 5280 §4.2.1.10). */
export function isHostWithin(host: string, constraint: string): boolean {
  const bare = constraint.toLowerCase();
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare;
}
