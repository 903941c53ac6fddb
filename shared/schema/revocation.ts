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
        'What is proven. unknown: the CA does not know the certificate. unverifiable: an answer came or was asked for, and proves nothing.',
      ),
    why: z
      .enum(reasons)
      .nullable()
      .describe('Why nothing is proven; null where the state is good, revoked or unknown.'),
    source: z
      .enum(['staple', 'ocsp', 'crl'])
      .nullable()
      .describe(
        'Where the answer came from: stapled by the server, asked by OCSP, or a revocation list; null: none.',
      ),
    at: time.nullable().describe('From when the answer is (thisUpdate).'),
    until: time.nullable().describe('When a newer one comes (nextUpdate).'),
    revokedAt: time.nullable().describe('When the certificate was revoked.'),
    reason: z
      .string()
      .nullable()
      .describe('Why it was revoked, as RFC 5280 §5.3.1 names it: keyCompromise, say.'),
  })
  .describe('What is known of the leaf’s revocation.');
export type Revocation = z.infer<typeof revocationSchema>;
export type WhyUnproven = NonNullable<Revocation['why']>;
export type RevocationSource = NonNullable<Revocation['source']>;
