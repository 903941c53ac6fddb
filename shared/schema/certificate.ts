import { z } from 'zod';

const time = z.iso.datetime();

export const certificateSchema = z
  .object({
    subject: z
      .string()
      .describe('Distinguished name for display, such as `CN=…, O=…`. Not escaped as in RFC 4514.'),
    issuer: z.string().describe('Distinguished name of the issuer, in the same form as subject.'),
    sans: z.array(z.string()).describe('Subject alternative names: DNS names and IP addresses.'),
    serialNumber: z.string().describe('Hexadecimal, upper case.'),
    fingerprint256: z
      .string()
      .describe('SHA-256 of the DER, upper case hexadecimal in pairs joined by colons.'),
    validFrom: time.describe('notBefore.'),
    validTo: time.describe('notAfter, the field this program is named after.'),
    daysRemaining: z
      .int()
      .describe(
        'Whole days until validTo, rounded down: negative from the moment of expiry, -11 when it expired 10 days and an hour ago.',
      ),
    key: z
      .object({
        type: z.string().describe('rsa, rsa-pss, ec, ed25519, ed448, dsa or unknown.'),
        bits: z.int().nullable().describe('Key size in bits; null for key types without a size.'),
        curve: z.string().nullable().describe('Name of the curve of an ec key.'),
        fingerprint256: z
          .string()
          .nullable()
          .default(null)
          .describe('SHA-256 of the public key (SPKI) in base64. It changes when a renewal uses a new key.'),
      })
      .describe('The public key.'),
    signatureAlgorithm: z.string().describe('Signature algorithm, such as ecdsa-with-SHA256.'),
    extendedKeyUsage: z
      .array(z.string())
      .nullable()
      .default(null)
      .describe(
        'Extended key usage (RFC 5280 §4.2.1.12): serverAuth, clientAuth and others by name, otherwise by OID. Null: the certificate has no such extension.',
      ),
    extensions: z
      .object({
        keyUsage: z
          .array(z.string())
          .nullable()
          .describe(
            'Key usage (RFC 5280 §4.2.1.3), such as digitalSignature. Null: the certificate has no such extension.',
          ),
        basicConstraints: z
          .object({
            ca: z.boolean().describe('Whether it is the certificate of a CA.'),
            pathLength: z
              .int()
              .nullable()
              .describe('How many CAs may follow it in a chain; null: any number.'),
          })
          .nullable()
          .describe('Basic constraints (RFC 5280 §4.2.1.9). Null: the certificate has no such extension.'),
        nameConstraints: z
          .object({
            permitted: z.array(z.string()).describe('Names that it may issue for.'),
            excluded: z.array(z.string()).describe('Names that it may not issue for.'),
          })
          .nullable()
          .describe('Name constraints of a CA (RFC 5280 §4.2.1.10). Null: the certificate has none.'),
        ocspUrls: z.array(z.string()).describe('Addresses of OCSP responders (RFC 5280 §4.2.2.1).'),
        issuerUrls: z.array(z.string()).describe('Addresses of the issuer’s certificate.'),
        crlUrls: z.array(z.string()).describe('Addresses of revocation lists (RFC 5280 §4.2.1.13).'),
      })
      .nullable()
      .default(null)
      .describe(
        'What its extensions say, at most 50 entries of each list. Null: they cannot be read, or the result is older than this field.',
      ),
    selfSigned: z.boolean().describe('Whether the certificate is signed with its own key.'),
  })
  .describe('Contents of a certificate (RFC 5280).');
export type Certificate = z.infer<typeof certificateSchema>;

/** What a certificate says that does not depend on the day it is read. */
export type CertificateFacts = Omit<Certificate, 'daysRemaining'>;
