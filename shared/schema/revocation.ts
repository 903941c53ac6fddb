import { z } from 'zod';

const time = z.iso.datetime();

/** Why nothing was asked, or why an answer proves nothing. */
const reasons = [
  'off',
  'no-address',
  'not-trusted',
  'no-answer',
  'timeout',
  'too-large',
  'unreadable',
  'unsupported',
  'bad-signature',
  'wrong-signer',
  'other-certificate',
  'other-scope',
  'not-yet-valid',
  'stale',
] as const;

export const revocationSchema = z
  .object({
    state: z
      .enum(['good', 'revoked', 'unknown', 'not-asked', 'unverifiable'])
      .describe(
        'Verified state. unknown: the CA does not know the certificate. unverifiable: no response could be verified.',
      ),
    why: z
      .enum(reasons)
      .nullable()
      .describe('Why no response could be verified; null if the state is good, revoked or unknown.'),
    source: z
      .enum(['staple', 'ocsp', 'crl'])
      .nullable()
      .describe('Source of the response: stapled by the server, OCSP, or a CRL; null: none.'),
    at: time.nullable().describe('thisUpdate of the response.'),
    until: time.nullable().describe('nextUpdate of the response.'),
    revokedAt: time.nullable().describe('When the certificate was revoked.'),
    reason: z.string().nullable().describe('Reason code of RFC 5280 §5.3.1, such as keyCompromise.'),
  })
  .describe('Revocation of the leaf.');
export type Revocation = z.infer<typeof revocationSchema>;
export type WhyUnproven = NonNullable<Revocation['why']>;
export type RevocationSource = NonNullable<Revocation['source']>;
