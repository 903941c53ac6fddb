import { z } from 'zod';
import { certificateProblems } from '../domain/problems/problem-kinds.ts';
import { severities } from '../domain/severity.ts';
import { certificateSchema } from './certificate.ts';
import { revocationSchema } from './revocation.ts';
import { starttlsSchema } from './target.ts';
import { transparencySchema } from './transparency.ts';
import { trustSchema } from './trust.ts';

/** What can be wrong with what a server shows, worst for people first. `unreachable` means no certificate at all. */
export const problemCodeSchema = z
  .enum([...certificateProblems, 'unreachable'])
  .describe('Code of the problem.');
export type ProblemCode = z.infer<typeof problemCodeSchema>;

export const severitySchema = z
  .enum(severities)
  .describe(
    'How bad it is. note: the certificate deviates from a standard, and no mainstream client refuses it; a note never changes the status and never alerts.',
  );

export const problemSchema = z.object({
  code: problemCodeSchema,
  severity: severitySchema,
  message: z.string().describe('What is wrong, as a sentence.'),
  remedy: z.string().describe('What to do about it.'),
  accepted: z
    .literal(true)
    .optional()
    .describe(
      'Present when you accepted the problem: it does not count in the status, alerts or exit status.',
    ),
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
  'fault',
] as const;
export type UnreachableReason = (typeof unreachableReasons)[number];

const unreachableSchema = z
  .object({
    reason: z
      .enum(unreachableReasons)
      .describe(
        'Kind of failure. file: a certificate file could not be read. fault: NotAfter itself failed.',
      ),
    message: z.string().describe('What happened, as a sentence.'),
  })
  .describe('Why no certificate was seen.');
export type Unreachable = z.infer<typeof unreachableSchema>;

const time = z.iso.datetime();

export const statuses = ['ok', 'warning', 'critical', 'unreachable'] as const;
export const statusSchema = z.enum(statuses).describe('Worst severity of all problems; notes do not count.');
export type Status = z.infer<typeof statusSchema>;

const timingsSchema = z.object({
  dns: z.number().nullable().describe('Resolving the name.'),
  tcp: z.number().nullable().describe('Connecting.'),
  starttls: z.number().nullable().describe('Upgrading the plain connection.'),
  tls: z.number().nullable().describe('Reading what the server presents.'),
  total: z.number().describe('The whole check.'),
});
export type Timings = z.infer<typeof timingsSchema>;

/** `not-tried`: another answered before its turn came. `no-answer`: nothing was heard of it by then. */
const attemptOutcomes = [
  'answered',
  'refused',
  'reset',
  'no-answer',
  'no-route',
  'no-ipv6',
  'not-tried',
  'failed',
] as const;

const attemptSchema = z.object({
  address: z.string().describe('IP address.'),
  outcome: z
    .enum(attemptOutcomes)
    .describe(
      'Outcome of the connection attempt. no-answer: nothing answered in time. no-ipv6: skipped because this machine has no IPv6. not-tried: another address answered first.',
    ),
});
export type Attempt = z.infer<typeof attemptSchema>;

const fileEntrySchema = z.object({
  label: z
    .string()
    .nullable()
    .describe('Alias, or place in a structured file such as `Secret/shop/web-tls tls.crt`; null: neither.'),
  alias: z.string().nullable().describe('The alias or friendly name in a keystore; null: none.'),
  role: z
    .enum(['leaf', 'ca', 'anchor'])
    .describe(
      'leaf: a certificate for a server, client or person. ca: the issuer of a leaf in the same file, judged separately only on request. anchor: another CA certificate, judged when the file has no leaf or on request.',
    ),
  hasKey: z.boolean().describe('Whether the file also contains the private key.'),
});

export const checkResultSchema = z.object({
  target: z
    .union([
      z.object({
        host: z.string().describe('Host name or address.'),
        port: z.int().describe('TCP port.'),
        servername: z.string().nullable().describe('Name sent as SNI; null: none (IP addresses).'),
        starttls: starttlsSchema.nullable(),
      }),
      z.object({ file: z.string().describe('Path of the certificate file.') }),
    ])
    .describe('What was checked.'),
  checkedAt: time.describe('When the check began.'),
  status: statusSchema,
  problems: z.array(problemSchema).describe('All problems, worst first, notes last.'),
  certificate: certificateSchema.nullable().describe('The leaf certificate; null: none was presented.'),
  chain: z.array(certificateSchema).describe('Certificates in the order sent, leaf first.'),
  earliestExpiry: z
    .object({
      subject: z.string().describe('Distinguished name of that certificate.'),
      validTo: time.describe('Its notAfter.'),
      role: z
        .enum(['leaf', 'intermediate', 'root'])
        .describe('Position in the path. root: the trusted certificate at the end.'),
    })
    .nullable()
    .describe('The certificate of the verified path that expires first, including the trusted root.'),
  protocol: z.string().nullable().describe('TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3.'),
  cipher: z.string().nullable().describe('Cipher suite, by its IANA or OpenSSL name.'),
  address: z.string().nullable().describe('The IP address that answered.'),
  addresses: z
    .array(
      z.object({
        address: z.string().describe('IP address.'),
        status: statusSchema,
        fingerprint256: z
          .string()
          .nullable()
          .describe('Fingerprint of the leaf at this address; null: none.'),
      }),
    )
    .nullable()
    .describe(
      'With allAddresses: the result at each address. The rest of this document describes the worst one.',
    ),
  attempts: z
    .array(attemptSchema)
    .nullable()
    .default(null)
    .describe('Connection attempts, when the name has several addresses; null: it has one.'),
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
    .describe(
      'When both certificates were requested: each one. The rest of this document describes the worse one.',
    ),
  entry: fileEntrySchema
    .nullable()
    .default(null)
    .describe('The judged entry of a certificate file; null for a host.'),
  entries: z
    .array(
      z.object({
        label: z.string().nullable().describe('Alias or place in the file; null: neither.'),
        subject: z.string().describe('Distinguished name.'),
        status: statusSchema,
        validTo: time.describe('When the certificate expires.'),
        fingerprint256: z.string().describe('SHA-256 of its DER.'),
      }),
    )
    .nullable()
    .default(null)
    .describe(
      'Up to 200 certificates of a file that has several, worst first. The rest of this document describes the worst one.',
    ),
  revocation: revocationSchema
    .nullable()
    .default(null)
    .describe('Revocation of the leaf; null: no certificate was seen.'),
  trust: trustSchema.nullable().default(null),
  transparency: transparencySchema
    .nullable()
    .default(null)
    .describe('Certificate Transparency; null: no certificate was seen.'),
  timings: timingsSchema.describe('Duration of each part in milliseconds; null: skipped.'),
  unreachable: unreachableSchema.nullable().describe('Why no certificate was seen; null where one was.'),
});
export type CheckResult = z.infer<typeof checkResultSchema>;
