import { z } from 'zod';

/** One leaf of a target over time. */
export const sightingSchema = z.object({
  fingerprint256: z.string().describe('SHA-256 of its DER.'),
  subject: z.string().describe('Whose it is, as a distinguished name.'),
  issuer: z.string().describe('Who signed it, as a distinguished name.'),
  validFrom: z.iso.datetime().describe('notBefore.'),
  validTo: z.iso.datetime().describe('notAfter.'),
  firstSeenAt: z.iso.datetime().describe('When a check saw it first.'),
  lastSeenAt: z.iso.datetime().describe('When a check saw it last.'),
});
export type Sighting = z.infer<typeof sightingSchema>;
