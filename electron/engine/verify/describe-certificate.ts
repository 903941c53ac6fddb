import { daysRemaining } from '../../../shared/domain/days.ts';
import type { Certificate, CertificateFacts } from '../../../shared/schema/certificate.ts';

/** Returns a certificate's facts with the days that remain at the given time (milliseconds since the epoch), as results carry them. */
export function describeCertificate(facts: CertificateFacts, now: number): Certificate {
  return { ...facts, daysRemaining: daysRemaining(facts.validTo, now) };
}
