import { z } from 'zod';

/** Where a server can present an SCT (RFC 6962 §3.3). */
const sctSources = ['certificate', 'tls', 'ocsp'] as const;

const sctSchema = z
  .object({
    logId: z.string().describe('The log: SHA-256 of its public key, in base64 as log lists write it.'),
    timestamp: z.iso.datetime().describe('When the log promised to publish the certificate.'),
    source: z
      .enum(sctSources)
      .describe('Where it was: in the certificate, in the TLS handshake, or in the stapled OCSP response.'),
  })
  .describe('A signed certificate timestamp (RFC 6962 §3.2). Its signature is not verified.');
export type Sct = z.infer<typeof sctSchema>;

export const transparencySchema = z
  .object({
    scts: z.array(sctSchema).describe('Every timestamp that was seen.'),
    isComplete: z
      .boolean()
      .describe('Whether all three places could be read: for a file, only the certificate itself can.'),
  })
  .describe('What the server shows of Certificate Transparency.');
export type Transparency = z.infer<typeof transparencySchema>;
