import type { CertificateDetails } from '../x509/certificate-details.ts';
import type { GeneralName, NameConstraints } from '../x509/general-names.ts';
import { isWithin } from '../x509/names.ts';
import { isDnsConstraint, isDnsName, isDnsNameWithin, isPresentedDnsName } from './dns-names.ts';
import { isHostWithin, isMailbox, isMailboxWithin, isMailConstraint, uriHost } from './mail-names.ts';

/** Comparisons that BoringSSL (pki/name_constraints.cc) and OpenSSL (v3_ncons.c) make at most for one certificate. */
const maxComparisons = 1 << 20;

/** What was found before: paths of one mesh ask for the same pairs again and again. */
const known = new WeakMap<CertificateDetails, WeakMap<NameConstraints, string | null>>();

/**
 * Returns the first name of a certificate that a CA's name constraints do not allow, as the end of a sentence; null
 * where they allow all (RFC 5280 §6.1.3 b and c).
 * @param isLeaf where the common name counts as a host name if the certificate has no other, as it does for Firefox
 * and OpenSSL
 */
export function constraintViolation(
  certificate: CertificateDetails,
  constraints: NameConstraints,
  isLeaf: boolean,
): string | null {
  const answers = known.get(certificate) ?? new WeakMap<NameConstraints, string | null>();
  let answer = answers.get(constraints);
  if (answer === undefined) {
    answer = firstViolation(certificate, constraints, isLeaf);
    answers.set(constraints, answer);
    known.set(certificate, answers);
  }
  return answer;
}

/** Comparisons that a certificate's constraints can take on others: one for each pair of name and subtree. */
export function constraintCost(
  { nameConstraints }: CertificateDetails,
  others: readonly CertificateDetails[],
): number {
  const subtrees = (nameConstraints?.permitted.length ?? 0) + (nameConstraints?.excluded.length ?? 0);
  return subtrees * others.reduce((sum, { sans }) => sum + 1 + (sans?.length ?? 0), 0);
}

function firstViolation(
  certificate: CertificateDetails,
  constraints: NameConstraints,
  isLeaf: boolean,
): string | null {
  const names = constrainedNames(certificate, isLeaf);
  const subtrees = constraints.permitted.length + constraints.excluded.length;
  if (names.length * subtrees > maxComparisons)
    return `has too many names for clients to compare with ${subtrees} constraints`;
  const unreadable = [...constraints.permitted, ...constraints.excluded].filter((one) => !isConstraint(one));
  for (const name of names) {
    const why = violation(name, constraints, unreadable);
    if (why !== null) return why;
  }
  return null;
}

/** All names that constraints hold for: the alternative names, the subject, and what stands in for those. */
function constrainedNames(certificate: CertificateDetails, isLeaf: boolean): GeneralName[] {
  const { subject, sans } = certificate;
  const names = [...(sans ?? [])];
  if (subject.rdns.length > 0) names.push({ kind: 'directory', value: subject });
  names.push(...subject.emailAddresses.map((value) => ({ kind: 'email' as const, value })));
  const hasHost = names.some(({ kind }) => kind === 'dns' || kind === 'ip');
  const [commonName] = subject.commonNames.slice(-1);
  if (isLeaf && !hasHost && commonName?.includes('.') && isDnsName(commonName))
    names.push({ kind: 'dns', value: commonName });
  return names;
}

function violation(
  name: GeneralName,
  { permitted, excluded }: NameConstraints,
  unreadable: readonly GeneralName[],
): string | null {
  const ofKind = (one: GeneralName) =>
    // SAFETY: the kinds are equal, and both are 'other'.
    one.kind === name.kind && (one.kind !== 'other' || one.tag === (name as { tag?: number }).tag);
  const allowed = permitted.filter(ofKind);
  const denied = excluded.filter(ofKind);
  if (allowed.length === 0 && denied.length === 0) return null;
  if (name.kind === 'other') return 'has a name of a kind whose constraints no client can apply';
  const words = nameWords(name);
  if (!isReadable(name)) return `has ${words}, which is not a name that constraints can be applied to`;
  if (unreadable.some(ofKind)) return `has ${words}, for which the constraint cannot be read`;
  if (denied.some((subtree) => matches(name, subtree, true))) return `is for ${words}, which is excluded`;
  const isAllowed = allowed.length === 0 || allowed.some((subtree) => matches(name, subtree, false));
  return isAllowed ? null : `is for ${words}, which is not among the permitted names`;
}

/** Names that cannot be read match nothing and everything: they are refused where a constraint holds for their kind. */
function isReadable(name: GeneralName): boolean {
  if (name.kind === 'dns') return isPresentedDnsName(name.value.replace(/\.$/, ''));
  if (name.kind === 'email') return isMailbox(name.value);
  return name.kind !== 'uri' || uriHost(name.value) !== null;
}

function isConstraint(subtree: GeneralName): boolean {
  if (subtree.kind === 'dns') return isDnsConstraint(subtree.value);
  return subtree.kind !== 'email' || isMailConstraint(subtree.value);
}

function matches(name: GeneralName, subtree: GeneralName, isAny: boolean): boolean {
  if (name.kind === 'dns' && subtree.kind === 'dns') return isDnsNameWithin(name.value, subtree.value, isAny);
  if (name.kind === 'email' && subtree.kind === 'email')
    return isMailboxWithin(name.value, subtree.value, isAny);
  if (name.kind === 'uri' && subtree.kind === 'uri')
    return isHostWithin(uriHost(name.value) ?? '', subtree.value);
  if (name.kind === 'directory' && subtree.kind === 'directory') return isWithin(name.value, subtree.value);
  return name.kind === 'ip' && subtree.kind === 'ip' && isInRange(name.value, subtree.value);
}

/** Whether an address lies in a range of the same family (RFC 5280 §4.2.1.10: address, then mask). */
function isInRange(address: Buffer, range: Buffer): boolean {
  const size = range.length / 2;
  if (address.length !== size) return false;
  return address.every((octet, index) => {
    const mask = range[size + index] ?? 0;
    return (octet & mask) === ((range[index] ?? 0) & mask);
  });
}

/** An address in the spelling people know. */
export function addressWords(address: Buffer): string {
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16));
  return new URL(`https://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function nameWords(name: GeneralName): string {
  if (name.kind === 'ip') return addressWords(name.value);
  if (name.kind === 'directory') return `the name “${name.value.commonNames.at(-1) ?? 'in its subject'}”`;
  return name.kind === 'other' ? 'another kind of name' : name.value.slice(0, 200);
}
