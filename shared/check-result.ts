import { z } from 'zod';
import { starttlsSchema } from './target.ts';

/** What can be wrong with what a server shows, worst for people first. `unreachable` stands for no certificate at all. */
const problemCodes = [
  'expired',
  'not-yet-valid',
  'revoked',
  'hostname-mismatch',
  'self-signed',
  'untrusted-issuer',
  'incomplete-chain',
  'expiring',
  'intermediate-expiring',
  'weak-key',
  'weak-signature',
  'old-protocol',
  'validity-too-long',
  'unreachable',
] as const;

export const problemCodeSchema = z.enum(problemCodes).describe('What kind of problem it is.');
export type ProblemCode = z.infer<typeof problemCodeSchema>;

export const severitySchema = z.enum(['warning', 'critical']).describe('How bad it is.');
export type Severity = z.infer<typeof severitySchema>;

export const problemSchema = z.object({
  code: problemCodeSchema,
  severity: severitySchema,
  message: z.string().describe('What is wrong, as a sentence.'),
  remedy: z.string().describe('What a person can do about it.'),
});
export type Problem = z.infer<typeof problemSchema>;

const unreachableReasons = [
  'dns',
  'refused',
  'timeout',
  'reset',
  'not-tls',
  'starttls-refused',
  'handshake',
  'file',
] as const;
export type UnreachableReason = (typeof unreachableReasons)[number];

const unreachableSchema = z
  .object({
    reason: z
      .enum(unreachableReasons)
      .describe('What kind of failure it was; file: a certificate file could not be read.'),
    message: z.string().describe('What happened, as a sentence.'),
  })
  .describe('Why no certificate was seen.');
export type Unreachable = z.infer<typeof unreachableSchema>;

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
    selfSigned: z.boolean().describe('Whether its own key signed it.'),
  })
  .describe('What a certificate says (RFC 5280).');
export type Certificate = z.infer<typeof certificateSchema>;

export const statuses = ['ok', 'warning', 'critical', 'unreachable'] as const;
export const statusSchema = z.enum(statuses).describe('The verdict: of all problems the worst.');
export type Status = z.infer<typeof statusSchema>;

const timingsSchema = z.object({
  dns: z.number().nullable().describe('Resolving the name.'),
  tcp: z.number().nullable().describe('Connecting.'),
  starttls: z.number().nullable().describe('Upgrading the plain connection.'),
  tls: z.number().nullable().describe('Reading what the server presents.'),
  total: z.number().describe('The whole check.'),
});
export type Timings = z.infer<typeof timingsSchema>;

export const checkResultSchema = z.object({
  target: z
    .union([
      z.object({
        host: z.string().describe('Host name or address.'),
        port: z.int().describe('TCP port.'),
        servername: z
          .string()
          .nullable()
          .describe('The name that was sent as SNI; null where none was (IP addresses).'),
        starttls: starttlsSchema.nullable(),
      }),
      z.object({ file: z.string().describe('Path of the certificate file.') }),
    ])
    .describe('What was looked at.'),
  checkedAt: time.describe('When the check began.'),
  status: statusSchema,
  problems: z.array(problemSchema).describe('Everything that is wrong, the worst first.'),
  certificate: certificateSchema.nullable().describe('The leaf; null where the server showed none.'),
  chain: z.array(certificateSchema).describe('Every certificate as sent, the leaf first.'),
  earliestExpiry: z
    .object({
      subject: z.string().describe('Distinguished name of that certificate.'),
      validTo: time.describe('Its notAfter.'),
    })
    .nullable()
    .describe('What expires first of the leaf and everything it is verified by, the trusted root included.'),
  protocol: z.string().nullable().describe('TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3.'),
  cipher: z.string().nullable().describe('Cipher suite, by its IANA or OpenSSL name.'),
  address: z.string().nullable().describe('The IP address that answered.'),
  addresses: z
    .array(
      z.object({
        address: z.string().describe('IP address.'),
        status: statusSchema,
        fingerprint256: z.string().nullable().describe('The leaf that it showed; null: none.'),
      }),
    )
    .nullable()
    .describe(
      'Where every address was checked: what each showed. The rest of the result is about the worst of them.',
    ),
  certificates: z
    .array(
      z.object({
        keyType: z.string().describe('Type of its key: ec or rsa.'),
        status: statusSchema,
        validTo: time.describe('Its notAfter.'),
        fingerprint256: z.string().describe('SHA-256 of its DER.'),
      }),
    )
    .nullable()
    .default(null)
    .describe('Where both certificates were asked for: each one. The rest of the result is about the worse.'),
  timings: timingsSchema.describe('Milliseconds each part took; null for a part that did not take place.'),
  unreachable: unreachableSchema.nullable().describe('Why no certificate was seen; null where one was.'),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** Exit status of `notafter check`, and the order in which statuses are worse than one another. */
export const statusRank: Readonly<Record<Status, number>> = {
  ok: 0,
  warning: 1,
  critical: 2,
  unreachable: 3,
};

const dayMs = 24 * 60 * 60 * 1000;

/** Whole days from `now` until `validTo`, rounded down; negative once expired. */
export function daysUntil(validTo: string | number, now: number): number {
  return Math.floor((new Date(validTo).getTime() - now) / dayMs);
}

/** A certificate's shortest useful name: its common name, else organisation, else first SAN, else what there is. */
export function shortName(distinguishedName: string): string {
  const part = (key: string) =>
    new RegExp(`(?:^|, )${key}=((?:\\\\.|[^,\\\\])*)`).exec(distinguishedName)?.[1];
  return (part('CN') ?? part('O') ?? part('OU') ?? distinguishedName).replace(/\\(.)/g, '$1');
}
