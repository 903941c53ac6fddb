/** A label of a host name: letters, digits and hyphens within; underscores too, as every client reads them. */
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/**
 * Whether a dNSName is one that clients read (mozpkix pkixnames.cpp, IsValidDNSID): labels of 63 octets, 253 in all, the
 * last one no number; `*` alone as the first label, before at least two others.
 */
export function isPresentedDnsName(name: string): boolean {
  if (!name.startsWith('*.')) return isDnsName(name);
  return isDnsName(name.slice(2)) && name.slice(2).includes('.');
}

/** Whether it is a name of labels without wildcards. */
export function isDnsName(name: string): boolean {
  const labels = name.split('.');
  return name.length <= 253 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** Whether a dNSName is written as RFC 1034 §3.5 prefers it, which RFC 5280 §4.2.1.6 requires: no underscores. */
export function isPreferredDnsName(name: string): boolean {
  return isPresentedDnsName(name) && !name.includes('_');
}

/**
 * Whether a dNSName lies in a constraint's subtree: it, or any labels before it (RFC 5280 §4.2.1.10). The empty
 * constraint holds all names. One that begins with a dot holds what lies below alone, as all three clients have it. One that ends with
 * a dot permits nothing for OpenSSL (v3_ncons.c compares as written), and excludes what it would without for Chrome.
 * @param isAny where a wildcard counts if it can match any name of the subtree, as excluded ones must; else it
 * counts if all that it can match are there (BoringSSL pki/name_constraints.cc, DNSNameMatches)
 */
export function isDnsNameWithin(name: string, constraint: string, isAny: boolean): boolean {
  const base = constraint.toLowerCase().replace(/\.$/, '');
  const presented = name.toLowerCase().replace(/\.$/, '');
  if (!isAny && constraint.endsWith('.') && !name.endsWith('.')) return false;
  if (constraint === '' || presented === base) return true;
  if (isAny && presented.startsWith('*.')) {
    const bare = base.replace(/^\./, '');
    if (bare.slice(bare.indexOf('.') + 1) === presented.slice(2) && bare.includes('.')) return true;
  }
  return presented.endsWith(base.startsWith('.') ? base : `.${base}`);
}

/** Whether a dNSName constraint is one that can be applied; a dot before it is read by every client. */
export function isDnsConstraint(constraint: string): boolean {
  return constraint === '' || isDnsName(constraint.replace(/^\./, '').replace(/\.$/, ''));
}
