import type { CertificateFacts } from '../../schema/certificate.ts';
import type { Thresholds } from '../../schema/thresholds.ts';
import type { Transparency } from '../../schema/transparency.ts';
import { shortName } from '../distinguished-name.ts';
import { type ExpiryStage, expiryStage } from '../expiry.ts';
import type { Severity } from '../severity.ts';

/** Problems that path validation finds (RFC 5280 §6.1), by their codes. */
const pathProblemCodes = [
  'malformed-certificate',
  'wrong-usage',
  'key-usage',
  'ca-as-server',
  'not-a-ca',
  'path-length',
  'issuer-key-usage',
  'issuer-not-for-servers',
  'name-constraints',
  'critical-extension',
  'refused-extension',
  'authority-key-mismatch',
  'invalid-policy',
  'weak-key',
  'unsupported-key',
  'weak-signature',
  'missing-identifier',
  'common-name',
  'unusual-name',
  'unusual-field',
  'issuer-spelling',
  'long-chain',
] as const;
export type PathProblemCode = (typeof pathProblemCodes)[number];

/** What one certificate of a path does wrong. */
export interface ChainFault {
  code: PathProblemCode;
  severity: Severity;
  /** Its place in the path, 0 for the leaf. */
  at: number;
  /** Whether it is the one at the end that is trusted for itself. */
  isRoot: boolean;
  /** What people call it. */
  name: string;
  /** The end of a sentence about it, without its full stop. */
  detail: string;
}

/** How the chain was judged, as plain facts. */
export interface ChainFacts {
  /** `bad-signature`: an issuer of the right name is there, and another key signed. */
  kind: 'trusted' | 'self-signed' | 'untrusted' | 'incomplete' | 'bad-signature';
  /** From the leaf upwards; the last one of a trusted path is the trust anchor. */
  path: CertificateFacts[];
  /** What expires first of everything above the leaf; null where nothing is above it. */
  firstExpiry: { name: string; validTo: string; isRoot: boolean } | null;
  /** What path validation found. */
  faults: readonly ChainFault[];
  /** Whether the path ends in one of the public CAs' roots. */
  isPublic: boolean;
  /** The date after which Mozilla trusts no new certificate of the root; null where there is none or a CA file names it. */
  distrustedAfter: string | null;
}

/** Why a stapled OCSP response is no valid answer; `unknown`: the CA answers that it does not know the certificate. */
export const stapleFaults = [
  'unreadable',
  'bad-signature',
  'wrong-signer',
  'other-certificate',
  'not-yet-valid',
  'no-answer',
  'unknown',
] as const;
export type StapleFault = (typeof stapleFaults)[number];

/** What the handshake showed of OCSP stapling (RFC 6066 §8). */
interface Stapling {
  /** Whether the leaf demands a staple (must-staple, RFC 7633). */
  isDemanded: boolean;
  isStapled: boolean;
  /** When clients take the staple for expired; null where it cannot be read, or there is none. */
  endsAt: string | null;
  /** What is wrong with the staple; null: nothing, there is none, or that could not be found out. */
  fault: StapleFault | null;
  /** Whether the leaf names an OCSP responder. */
  hasOcspAddress: boolean;
}

/** Why a server did not prove that it holds the key of the certificate that it shows. */
export interface KeyFault {
  /** How the handshake ended, as a sentence. */
  ending: string;
  /** Whether it demands a client certificate first, and there is none to show. */
  lacksClientCertificate: boolean;
}

/**
 * `public-suffix`: only a wildcard directly below one covers the name, which Chrome refuses. `address-as-name`: the address is
 * there as a DNS name alone, which no client takes (RFC 9525 §6.1).
 */
export type NameMatch = 'covered' | 'uncovered' | 'public-suffix' | 'address-as-name';

/** Everything that a judgement needs. */
export interface Evidence {
  /** The name that the certificate must be for, as the user wrote it; null where none is asked for. */
  host: string | null;
  /** How the leaf's subject alternative names cover the host (RFC 9525); `covered` where none is asked for. */
  nameMatch: NameMatch;
  /** Whether trust is judged: not for a certificate file, whose clients are unknown. */
  judgesTrust: boolean;
  leaf: CertificateFacts;
  chain: ChainFacts;
  protocol: string | null;
  /** Null where the key was proven, and for a certificate in a file. */
  keyFault: KeyFault | null;
  /** The suite that a server agrees on which agrees on none of browsers'; null elsewhere. */
  refusedSuite: string | null;
  transparency: Transparency;
  /** Null for a certificate that comes from no handshake. */
  stapling: Stapling | null;
  /** Since when the CA, asked for it, gave no answer that could be verified; null before that has lasted a day. */
  uncheckedSince: string | null;
  /** The time of revocation, where a proven answer says so. */
  revokedAt: string | null;
  /** When the newer certificate expires that was in this place of a file before; null: there was none. */
  newerSeen: string | null;
  thresholds: Thresholds;
  /** Milliseconds since the epoch. */
  now: number;
}

/** In milliseconds since the epoch. The same few dates are asked for again and again; reading each costs more than a rule does. */
const times = new Map<string, number>();
const maxTimes = 20_000;

export function time(iso: string): number {
  let ms = times.get(iso);
  if (ms === undefined) {
    ms = Date.parse(iso);
    if (times.size >= maxTimes) times.clear();
    times.set(iso, ms);
  }
  return ms;
}

/** What people call a certificate. */
export const nameOf = (certificate: CertificateFacts) =>
  shortName(certificate.subject) || certificate.sans[0] || `serial number ${certificate.serialNumber}`;
export const quote = (certificate: CertificateFacts) => `“${nameOf(certificate)}”`;
export const issuerOf = (certificate: CertificateFacts) => `“${shortName(certificate.issuer)}”`;

/** Returns how near its end a certificate is, by the thresholds. */
export function stageOf(
  { validFrom, validTo }: CertificateFacts,
  thresholds: Thresholds,
  now: number,
): ExpiryStage {
  return expiryStage({ validFrom: time(validFrom), validTo: time(validTo) }, thresholds, now);
}
