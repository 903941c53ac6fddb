import { z } from 'zod';

const time = z.iso.datetime();

export const certificateSchema = z
  .object({
    subject: z
      .string()
      .describe('Distinguished name, RFC 4514 order and escaping left to the reader: `CN=…, O=…`.'),
    issuer: z.string().describe('Distinguished name of who signed it, written as subject is.'),
    sans: z.array(z.string()).describe('Subject alternative names: DNS names and IP addresses.'),
    serialNumber: z.string().describe('Hexadecimal, upper case.'),
    fingerprint256: z
      .string()
      .describe('SHA-256 of the DER, upper case hexadecimal in pairs joined by colons.'),
    validFrom: time.describe('notBefore.'),
    validTo: time.describe('notAfter, the field this program is named after.'),
    daysRemaining: z.int().describe('Whole days until validTo, rounded down; negative once expired.'),
    key: z
      .object({
        type: z.string().describe('rsa, rsa-pss, ec, ed25519, ed448, dsa or unknown.'),
        bits: z.int().nullable().describe('Size of the key in bits, where its type has one.'),
        curve: z.string().nullable().describe('Name of the curve, for ec.'),
        fingerprint256: z
          .string()
          .nullable()
          .default(null)
          .describe('SHA-256 of the public key (SPKI) in base64: tells a new key from the old one.'),
      })
      .describe('The public key.'),
    signatureAlgorithm: z.string().describe('By which it was signed, such as ecdsa-with-SHA256.'),
    extendedKeyUsage: z
      .array(z.string())
      .nullable()
      .default(null)
      .describe(
        'What its key may be used for: serverAuth, clientAuth and others of RFC 5280 §4.2.1.12 by name, else by OID; null: it does not say.',
      ),
    selfSigned: z.boolean().describe('Whether its own key signed it.'),
  })
  .describe('What a certificate says (RFC 5280).');
export type Certificate = z.infer<typeof certificateSchema>;

/** What a certificate says that does not depend on the day it is read. */
export type CertificateFacts = Omit<Certificate, 'daysRemaining'>;
