import type { ParsedCertificate } from '../certificate.ts';
import type { CertificateDetails } from '../x509/certificate-details.ts';

const anyPolicy = '2.5.29.32.0';

/** Nodes of one level of the policy tree: for each policy that a subject may name, whether it is valid. */
interface PolicyLevel {
  hasAny: boolean;
  expected: ReadonlySet<string>;
}

/**
 * Says where a path's policies leave none valid though one is required (RFC 5280 §6.1.2 to §6.1.5, for a client that
 * requests no policy, as BoringSSL's pki/verify_certificate_chain.cc runs it for Chrome).
 *
 * Only the last level of the tree is kept: whether it is empty is all that such a client asks.
 * @param path from the leaf upwards; the anchor's own policies do not count
 * @returns the index of the certificate that fails, with why as the end of a sentence; null where none does
 */
export function policyFault(path: readonly ParsedCertificate[]): { at: number; why: string } | null {
  const state = new PolicyState(path.length);
  for (let at = path.length - 2; at >= 0; at -= 1) {
    const certificate = path[at];
    if (!certificate?.details) return null;
    const why = at > 0 ? state.passCa(certificate, certificate.details) : state.endAt(certificate.details);
    if (why !== null) return { at, why };
  }
  return null;
}

const noneIsValid = 'is not valid under any policy, although its CAs require one';

/** The state variables of RFC 5280 §6.1.2 that concern policies, from below the anchor downwards. */
class PolicyState {
  /** How many certificates may follow until a policy is required, mappings end, and anyPolicy is no longer accepted. */
  #explicit: number;
  #mapping: number;
  #any: number;
  /** Null once no policy is left. */
  #level: PolicyLevel | null = { hasAny: true, expected: new Set() };

  constructor(pathLength: number) {
    this.#explicit = pathLength;
    this.#mapping = pathLength;
    this.#any = pathLength;
  }

  /** Prepares for what follows a CA (§6.1.4). @returns why it fails, or null */
  passCa(certificate: ParsedCertificate, details: CertificateDetails): string | null {
    this.#read(details, certificate.isSelfIssued);
    if (this.#isUnmet) return noneIsValid;
    const mappings = details.policyMappings ?? [];
    if (mappings.some((one) => one.issuerPolicy === anyPolicy || one.subjectPolicy === anyPolicy))
      return 'maps anyPolicy, which is not allowed';
    this.#level &&= mapped(this.#level, mappings, this.#mapping > 0);
    if (!certificate.isSelfIssued) this.#countDown();
    const { requireExplicitPolicy, inhibitPolicyMapping } = details.policyConstraints ?? {};
    this.#explicit = Math.min(this.#explicit, requireExplicitPolicy ?? this.#explicit);
    this.#mapping = Math.min(this.#mapping, inhibitPolicyMapping ?? this.#mapping);
    this.#any = Math.min(this.#any, details.inhibitAnyPolicy ?? this.#any);
    return null;
  }

  /** Wraps up with the leaf (§6.1.5). @returns why it fails, or null */
  endAt(details: CertificateDetails): string | null {
    this.#read(details, false);
    if (this.#isUnmet) return noneIsValid;
    this.#explicit = Math.max(0, this.#explicit - 1);
    if (details.policyConstraints?.requireExplicitPolicy === 0) this.#explicit = 0;
    return this.#isUnmet ? noneIsValid : null;
  }

  #read(details: CertificateDetails, isSelfIssuedCa: boolean): void {
    this.#level &&= nextLevel(this.#level, details, this.#any > 0 || isSelfIssuedCa);
  }

  get #isUnmet(): boolean {
    return this.#explicit === 0 && this.#level === null;
  }

  #countDown(): void {
    this.#explicit = Math.max(0, this.#explicit - 1);
    this.#mapping = Math.max(0, this.#mapping - 1);
    this.#any = Math.max(0, this.#any - 1);
  }
}

/** RFC 5280 §6.1.3 d and e; null where no policy is left. */
function nextLevel(
  { hasAny, expected }: PolicyLevel,
  { certificatePolicies }: CertificateDetails,
  mayUseAny: boolean,
): PolicyLevel | null {
  if (certificatePolicies === null) return null;
  const named = certificatePolicies.map(({ oid }) => oid);
  const next = new Set(named.filter((oid) => oid !== anyPolicy && (hasAny || expected.has(oid))));
  const usesAny = named.includes(anyPolicy) && mayUseAny;
  if (usesAny) for (const oid of expected) next.add(oid);
  return next.size > 0 || (usesAny && hasAny) ? { hasAny: usesAny && hasAny, expected: next } : null;
}

/** RFC 5280 §6.1.4 b. */
function mapped(
  { hasAny, expected }: PolicyLevel,
  mappings: NonNullable<CertificateDetails['policyMappings']>,
  mayMap: boolean,
): PolicyLevel | null {
  const next = new Set(expected);
  for (const { issuerPolicy } of mappings) next.delete(issuerPolicy);
  for (const { issuerPolicy, subjectPolicy } of mayMap ? mappings : []) {
    if (hasAny || expected.has(issuerPolicy)) next.add(subjectPolicy);
  }
  return next.size > 0 || hasAny ? { hasAny, expected: next } : null;
}
