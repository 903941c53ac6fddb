import { z } from 'zod';

/** What is read of x509-limbo's schema (github.com/C2SP/x509-limbo, limbo-schema.json). */
export const limboSchema = z.object({
  testcases: z.array(
    z.object({
      id: z.string(),
      validation_kind: z.enum(['SERVER', 'CLIENT']).default('SERVER'),
      trusted_certs: z.array(z.string()),
      untrusted_intermediates: z.array(z.string()),
      peer_certificate: z.string(),
      validation_time: z.string().nullish(),
      expected_result: z.enum(['SUCCESS', 'FAILURE']),
      expected_peer_name: z.object({ kind: z.string(), value: z.string() }).nullish(),
    }),
  ),
});
export type LimboCase = z.infer<typeof limboSchema>['testcases'][number];
