import { z } from 'zod';

/** One leaf of a target over time. */
export const sightingSchema = z.object({
  fingerprint256: z.string().describe('SHA-256 of its DER.'),
  subject: z.string().describe('Distinguished name of the subject.'),
  issuer: z.string().describe('Distinguished name of the issuer.'),
  validFrom: z.iso.datetime().describe('notBefore.'),
  validTo: z.iso.datetime().describe('notAfter.'),
  firstSeenAt: z.iso.datetime().describe('When it was first seen.'),
  lastSeenAt: z.iso.datetime().describe('When it was last seen.'),
});
export type Sighting = z.infer<typeof sightingSchema>;
