import { z } from 'zod';

const trustStores = ['mozilla', 'system', 'file'] as const;

export const trustSchema = z
  .object({
    root: z.string().describe('Distinguished name of the certificate that is trusted for itself.'),
    stores: z
      .array(
        z.object({
          store: z
            .enum(trustStores)
            .describe(
              'mozilla: Mozilla’s list of public CAs; system: the operating system’s store; file: a CA file.',
            ),
          file: z.string().nullable().describe('Path of the CA file; null for the others.'),
        }),
      )
      .describe('Every store that trusts it.'),
    path: z
      .array(
        z.object({
          subject: z.string().describe('Distinguished name.'),
          fingerprint256: z.string().describe('SHA-256 of the DER, as in chain.'),
          validTo: z.iso.datetime().describe('Its notAfter.'),
          isSent: z.boolean().describe('Whether the server sent it.'),
        }),
      )
      .describe('The verified path, the leaf first and the trusted certificate last.'),
  })
  .describe('Who trusts the certificate, and by which path; null if no store does.');
export type Trust = z.infer<typeof trustSchema>;
