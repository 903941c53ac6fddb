import { z } from 'zod';

const trustStores = ['mozilla', 'system', 'file'] as const;

export const trustSchema = z
  .object({
    root: z.string().describe('Distinguished name of the trust anchor.'),
    stores: z
      .array(
        z.object({
          store: z
            .enum(trustStores)
            .describe(
              'mozilla: Mozilla’s root store. system: the operating system’s store. file: a CA file.',
            ),
          file: z.string().nullable().describe('Path of the CA file; null for the others.'),
        }),
      )
      .describe('Stores that contain the trust anchor.'),
    path: z
      .array(
        z.object({
          subject: z.string().describe('Distinguished name.'),
          fingerprint256: z.string().describe('SHA-256 of the DER, as in chain.'),
          validTo: z.iso.datetime().describe('Its notAfter.'),
          isSent: z.boolean().describe('Whether the server sent it.'),
        }),
      )
      .describe('The verified path from the leaf to the trust anchor.'),
  })
  .describe('The trust anchor and verified path; null: no store trusts the certificate.');
export type Trust = z.infer<typeof trustSchema>;
