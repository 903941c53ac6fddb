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
 * asks for no policy of its own, as BoringSSL's pki/verify_certificate_chain.cc runs it for Chrome).
 *
 * Only the last level of the tree is kept: whether it is empty is all that such a client asks.
 * @param path from the leaf upwards; the anchor's own policies do not count
 * @returns the index of the certificate that fails, with why as the end of a sentence; null where none does
 */
export function policyFault(path: readonly ParsedCertificate[]): { at: number; why: string } | null {
  const last = path.length - 1;
  const counts = { explicit: last + 1, mapping: last + 1, any: last + 1 };
  let level: PolicyLevel | null = { hasAny: true, expected: new Set() };
  for (let at = last - 1; at >= 0; at -= 1) {
    const certificate = path[at];
    const details = certificate?.details;
    if (!certificate || !details) return null;
    const mayUseAny = counts.any > 0 || (at > 0 && certificate.isSelfIssued);
    level = level && nextLevel(level, details, mayUseAny);
    const none = { at, why: 'is valid under no policy, though its CAs require one' };
    if (counts.explicit === 0 && level === null) return none;
    if (at > 0) {
      const mappings = details.policyMappings ?? [];
      if (mappings.some((one) => one.issuerPolicy === anyPolicy || one.subjectPolicy === anyPolicy))
        return { at, why: 'maps anyPolicy, which is not allowed' };
      level = level && mapped(level, mappings, counts.mapping > 0);
      if (!certificate.isSelfIssued) {
        counts.explicit = Math.max(0, counts.explicit - 1);
        counts.mapping = Math.max(0, counts.mapping - 1);
        counts.any = Math.max(0, counts.any - 1);
      }
    } else {
      counts.explicit = Math.max(0, counts.explicit - 1);
      if (details.policyConstraints?.requireExplicitPolicy === 0) counts.explicit = 0;
      return counts.explicit === 0 && level === null ? none : null;
    }
    const { requireExplicitPolicy, inhibitPolicyMapping } = details.policyConstraints ?? {};
    counts.explicit = Math.min(counts.explicit, requireExplicitPolicy ?? counts.explicit);
    counts.mapping = Math.min(counts.mapping, inhibitPolicyMapping ?? counts.mapping);
    counts.any = Math.min(counts.any, details.inhibitAnyPolicy ?? counts.any);
  }
  return null;
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
