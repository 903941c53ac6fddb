import { z } from 'zod';

/** Where a server can present an SCT (RFC 6962 §3.3). */
const sctSources = ['certificate', 'tls', 'ocsp'] as const;

const sctSchema = z
  .object({
    logId: z.string().describe('Log id: SHA-256 of the log’s public key in base64.'),
    timestamp: z.iso.datetime().describe('When the log promised to publish the certificate.'),
    source: z
      .enum(sctSources)
      .describe('Where the timestamp was found: certificate, TLS handshake or stapled OCSP response.'),
  })
  .describe('A signed certificate timestamp (RFC 6962 §3.2). Its signature is not verified.');
export type Sct = z.infer<typeof sctSchema>;

export const transparencySchema = z
  .object({
    scts: z.array(sctSchema).describe('All timestamps found.'),
    isComplete: z
      .boolean()
      .describe('Whether all three places could be read. For a file, only the certificate can.'),
  })
  .describe('Certificate Transparency evidence.');
export type Transparency = z.infer<typeof transparencySchema>;
