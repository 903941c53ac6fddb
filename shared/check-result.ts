import { z } from 'zod';
import { starttlsSchema } from './target.ts';

/** What can be wrong with what a server shows, worst for people first. `unreachable` stands for no certificate at all. */
export const problemCodes = [
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

export const problemCodeSchema = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

export const severitySchema = z.enum(['warning', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

export const problemSchema = z.object({
  code: problemCodeSchema,
  severity: severitySchema,
  message: z.string().describe('What is wrong, as a sentence.'),
  remedy: z.string().describe('What a person can do about it.'),
});
export type Problem = z.infer<typeof problemSchema>;

export const unreachableReasons = [
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

export const unreachableSchema = z.object({
  reason: z.enum(unreachableReasons),
  message: z.string(),
});
export type Unreachable = z.infer<typeof unreachableSchema>;

const time = z.iso.datetime();

export const certificateSchema = z.object({
  subject: z
    .string()
    .describe('Distinguished name, RFC 4514 order and escaping left to the reader: `CN=…, O=…`.'),
  issuer: z.string(),
  sans: z.array(z.string()).describe('Subject alternative names: DNS names and IP addresses.'),
  serialNumber: z.string().describe('Hexadecimal, upper case.'),
  fingerprint256: z
    .string()
    .describe('SHA-256 of the DER, upper case hexadecimal in pairs joined by colons.'),
  validFrom: time,
  validTo: time.describe('notAfter, the field this program is named after.'),
  daysRemaining: z.int().describe('Whole days until validTo, rounded down; negative once expired.'),
  key: z.object({
    type: z.string().describe('rsa, rsa-pss, ec, ed25519, ed448, dsa or unknown.'),
    bits: z.int().nullable(),
    curve: z.string().nullable(),
    fingerprint256: z
      .string()
      .nullable()
      .default(null)
      .describe('SHA-256 of the public key (SPKI) in base64: tells a new key from the old one.'),
  }),
  signatureAlgorithm: z.string(),
  selfSigned: z.boolean(),
});
export type Certificate = z.infer<typeof certificateSchema>;

export const statuses = ['ok', 'warning', 'critical', 'unreachable'] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

export const timingsSchema = z.object({
  dns: z.number().nullable(),
  tcp: z.number().nullable(),
  starttls: z.number().nullable(),
  tls: z.number().nullable(),
  total: z.number(),
});
export type Timings = z.infer<typeof timingsSchema>;

export const checkResultSchema = z.object({
  target: z.union([
    z.object({
      host: z.string(),
      port: z.int(),
      servername: z
        .string()
        .nullable()
        .describe('The name that was sent as SNI; null where none was (IP addresses).'),
      starttls: starttlsSchema.nullable(),
    }),
    z.object({ file: z.string() }),
  ]),
  checkedAt: time,
  status: statusSchema,
  problems: z.array(problemSchema),
  certificate: certificateSchema.nullable().describe('The leaf; null where the server showed none.'),
  chain: z.array(certificateSchema).describe('Every certificate as sent, the leaf first.'),
  earliestExpiry: z
    .object({ subject: z.string(), validTo: time })
    .nullable()
    .describe('What expires first of the leaf and everything it is verified by, the trusted root included.'),
  protocol: z.string().nullable().describe('TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3.'),
  cipher: z.string().nullable(),
  address: z.string().nullable().describe('The IP address that answered.'),
  addresses: z
    .array(z.object({ address: z.string(), status: statusSchema, fingerprint256: z.string().nullable() }))
    .nullable()
    .describe(
      'Where every address was checked: what each showed. The rest of the result is about the worst of them.',
    ),
  certificates: z
    .array(z.object({ keyType: z.string(), status: statusSchema, validTo: time, fingerprint256: z.string() }))
    .nullable()
    .default(null)
    .describe('Where both certificates were asked for: each one. The rest of the result is about the worse.'),
  timings: timingsSchema.describe('Milliseconds each part took; null for a part that did not take place.'),
  unreachable: unreachableSchema.nullable(),
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
