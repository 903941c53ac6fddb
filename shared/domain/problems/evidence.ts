import type { CertificateFacts } from '../../schema/certificate.ts';
import type { Thresholds } from '../../schema/thresholds.ts';
import { shortName } from '../distinguished-name.ts';
import { type ExpiryStage, expiryStage } from '../expiry.ts';

/** How the chain was judged, as plain facts. */
export interface ChainFacts {
  kind: 'trusted' | 'self-signed' | 'untrusted' | 'incomplete';
  /** From the leaf upwards; the last one of a trusted path is the one that is believed. */
  path: CertificateFacts[];
  /** Certificates of the path that the server did not send and that were known from elsewhere. */
  missing: CertificateFacts[];
  /** Whether the path ends in one of the public CAs' roots. */
  isPublic: boolean;
}

/** Why a server did not prove that it holds the key of the certificate that it shows. */
export interface KeyFault {
  /** How the handshake ended, as a sentence. */
  ending: string;
  /** Whether it demands a client certificate first, and there is none to show. */
  lacksClientCertificate: boolean;
}

/** Everything that a judgement needs. */
export interface Evidence {
  /**
   * The name that the certificate must be for, as the user wrote it. Null for a certificate in a file: nobody knows for
   * which name and to whom it will be shown, so names and trust are not judged.
   */
  host: string | null;
  leaf: CertificateFacts;
  chain: ChainFacts;
  protocol: string | null;
  /** Null where the key was proven, and for a certificate in a file. */
  keyFault: KeyFault | null;
  /** The time of revocation, where a proven answer says so. */
  revokedAt: string | null;
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
