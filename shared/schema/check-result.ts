import { z } from 'zod';
import { certificateProblems } from '../domain/problems/problem-kinds.ts';
import { severities } from '../domain/severity.ts';
import { certificateSchema } from './certificate.ts';
import { revocationSchema } from './revocation.ts';
import { starttlsSchema } from './target.ts';
import { transparencySchema } from './transparency.ts';
import { trustSchema } from './trust.ts';

/** What can be wrong with what a server shows, worst for people first. `unreachable` stands for no certificate at all. */
export const problemCodeSchema = z
  .enum([...certificateProblems, 'unreachable'])
  .describe('What kind of problem it is.');
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
  remedy: z.string().describe('What a person can do about it.'),
  accepted: z
    .literal(true)
    .optional()
    .describe('Present where a person accepted it: it does not count in status, alerts and exit status.'),
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
        'What kind of failure it was; file: a certificate file could not be read; fault: NotAfter itself failed.',
      ),
    message: z.string().describe('What happened, as a sentence.'),
  })
  .describe('Why no certificate was seen.');
export type Unreachable = z.infer<typeof unreachableSchema>;

const time = z.iso.datetime();

export const statuses = ['ok', 'warning', 'critical', 'unreachable'] as const;
export const statusSchema = z
  .enum(statuses)
  .describe('The verdict: of all problems the worst; notes do not count.');
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
      'What became of it; no-answer: nothing was heard by then; no-ipv6: skipped, as this machine has no IPv6; not-tried: another answered before its turn.',
    ),
});
export type Attempt = z.infer<typeof attemptSchema>;

const fileEntrySchema = z.object({
  label: z
    .string()
    .nullable()
    .describe(
      'Its alias, or its place in a structured file: `Secret/shop/web-tls tls.crt`; null: it has neither.',
    ),
  alias: z.string().nullable().describe('The alias or friendly name in a keystore; null: none.'),
  role: z
    .enum(['leaf', 'ca', 'anchor'])
    .describe(
      'leaf: for a server, a client or a person; ca: the issuer of a leaf of the same file, judged by itself only when asked for; anchor: another CA, judged where the file holds no leaf or when asked for.',
    ),
  hasKey: z.boolean().describe('Whether the file holds its private key too.'),
});

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
    .describe('What was checked.'),
  checkedAt: time.describe('When the check began.'),
  status: statusSchema,
  problems: z.array(problemSchema).describe('Everything that is wrong, the worst first; notes last.'),
  certificate: certificateSchema.nullable().describe('The leaf; null where the server showed none.'),
  chain: z.array(certificateSchema).describe('Every certificate as sent, the leaf first.'),
  earliestExpiry: z
    .object({
      subject: z.string().describe('Distinguished name of that certificate.'),
      validTo: time.describe('Its notAfter.'),
      role: z
        .enum(['leaf', 'intermediate', 'root'])
        .describe('Which link of the path it is; root: the certificate at its end that is trusted.'),
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
  attempts: z
    .array(attemptSchema)
    .nullable()
    .default(null)
    .describe('Where a name has several addresses: what became of each when connecting. Null: it has one.'),
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
  entry: fileEntrySchema
    .nullable()
    .default(null)
    .describe('What of a certificate file the result is about; null for a host.'),
  entries: z
    .array(
      z.object({
        label: z.string().nullable().describe('Its alias or place in the file; null: it has neither.'),
        subject: z.string().describe('Distinguished name.'),
        status: statusSchema,
        validTo: time.describe('When it is good no longer.'),
        fingerprint256: z.string().describe('SHA-256 of its DER.'),
      }),
    )
    .nullable()
    .default(null)
    .describe(
      'Where a file holds several certificates to judge: up to 200 of them, the worst first. The rest of the result is about the worst.',
    ),
  revocation: revocationSchema
    .nullable()
    .default(null)
    .describe('What is known of the leaf’s revocation; null where no certificate was seen.'),
  trust: trustSchema.nullable().default(null),
  transparency: transparencySchema
    .nullable()
    .default(null)
    .describe('What was shown of Certificate Transparency; null where no certificate was.'),
  timings: timingsSchema.describe('Milliseconds each part took; null for a part that did not take place.'),
  unreachable: unreachableSchema.nullable().describe('Why no certificate was seen; null where one was.'),
});
export type CheckResult = z.infer<typeof checkResultSchema>;
