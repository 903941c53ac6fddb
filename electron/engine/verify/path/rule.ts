import type { PathProblemCode } from '../../../../shared/domain/problems/evidence.ts';
import type { Severity } from '../../../../shared/domain/severity.ts';
import type { ParsedCertificate } from '../certificate.ts';
import type { CertificateDetails } from '../x509/certificate-details.ts';

/** One certificate of a path, with what a rule must know of its place. */
export interface Link {
  certificate: ParsedCertificate;
  details: CertificateDetails;
  /** 0 for the leaf. */
  at: number;
  isLeaf: boolean;
  /** Whether it is trusted for itself: its own signature does not count. */
  isAnchor: boolean;
  /** The next one up; null for the last. */
  issuer: ParsedCertificate | null;
  path: readonly ParsedCertificate[];
}

/** Which links a rule applies to: the leaf of a server, any leaf, those that issued another, or all. */
type RulePlace = 'server' | 'leaf' | 'issuer' | 'link';

/** One thing that clients or standards require of a link. docs/checks.md names the client or standard for each. */
export interface PathRule {
  code: PathProblemCode;
  severity: Severity;
  place: RulePlace;
  /** Whether it also holds for a certificate file, where trust and usage are unknown. */
  isIntrinsic?: true;
  /** Says what is wrong, as the end of a sentence about the link; null where nothing is. */
  find: (link: Link) => string | null;
}
