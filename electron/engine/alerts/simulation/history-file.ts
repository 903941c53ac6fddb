import '../../plain-sentences.ts';
import { z } from 'zod';
import { problemKind } from '../../../../shared/domain/problems/problem-kinds.ts';
import { alertRulesSchema, inheritedRules } from '../../../../shared/schema/alert-rules.ts';
import {
  type CheckResult,
  checkResultSchema,
  type Problem,
  problemCodeSchema,
  severitySchema,
} from '../../../../shared/schema/check-result.ts';
import { settingsSchema } from '../../../../shared/schema/settings.ts';
import { formatTarget } from '../../../../shared/schema/target.ts';
import { defaultThresholds, thresholdsSchema } from '../../../../shared/schema/thresholds.ts';
import { namesOf, type Observation, observe } from '../observation.ts';

/** What a person writes by hand, or a program records: results of hosts, and the rules that hold for them. */
export type Entry =
  | { type: 'settings'; settings: PlaySettings }
  | { type: 'job'; host: string; job: z.output<typeof jobLineSchema>['job'] }
  | { type: 'result'; host: string; observation: Observation };

export type PlaySettings = z.output<typeof settingsLineSchema>['settings'];

const time = z.iso.datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' });

const settingsLineSchema = z.strictObject({
  settings: settingsSchema.pick({
    thresholds: true,
    alerts: true,
    tagRules: true,
    quietHours: true,
    quietUntil: true,
  }),
});

const jobLineSchema = z.strictObject({
  job: z.strictObject({
    host: z.string().min(1),
    name: z.string().default(''),
    tags: z.array(z.string()).default([]),
    thresholds: thresholdsSchema.default(defaultThresholds),
    alerts: alertRulesSchema.default(inheritedRules),
  }),
});

const writtenSchema = z.strictObject({
  at: time,
  host: z.string().min(1).default('example.com'),
  certificate: z
    .strictObject({
      validFrom: time,
      validTo: time,
      issuer: z.string().default('O=Example CA'),
      key: z.string().nullable().default(null),
      /** Tells certificates of the same dates apart. */
      id: z.string().default(''),
      /** Its names, by which a copy on another host is known to be renewed by it. */
      names: z.array(z.string()).optional(),
      keyType: z.string().optional(),
    })
    .optional(),
  problems: z
    .array(
      z.union([problemCodeSchema, z.strictObject({ code: problemCodeSchema, severity: severitySchema })]),
    )
    .default([]),
  unreachable: z.string().min(1).optional(),
  /** When the first certificate above it expires, where that is before its own end. */
  chainEndsAt: time.optional(),
});
export type Written = z.input<typeof writtenSchema>;

/** Results as the API and `check --json` give them; what later versions add is no hindrance. */
const resultSchema = checkResultSchema.loose();

/** What a file of history does not say as it should: the sentence tells where. */
export class HistoryFileError extends Error {
  override name = 'HistoryFileError';
}

/**
 * Reads a history: a JSON array of results, `{"items": […]}` as `GET /jobs/{id}/history` answers it (both are put in the
 * order of their times), or JSON lines in the order in which they are to be played.
 * @throws HistoryFileError with the line or place of what cannot be read
 */
export function readHistoryFile(text: string): Entry[] {
  const whole = parseJson(text);
  const list = z.union([z.array(z.unknown()), z.object({ items: z.array(z.unknown()) })]).safeParse(whole);
  if (list.success) {
    const items = Array.isArray(list.data) ? list.data : list.data.items;
    const entries = items.map((item, index) => readEntry(item, `Entry ${index + 1}`));
    return entries.toSorted((one, other) => timeOf(one) - timeOf(other));
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return [];
    const value = parseJson(line);
    if (value === undefined) throw new HistoryFileError(`Line ${index + 1} is no JSON.`);
    return readEntry(value, `Line ${index + 1}`);
  });
}

function hostOf(target: CheckResult['target']): string {
  return 'file' in target ? target.file : formatTarget(target);
}

/** Rules stand before every result. */
const timeOf = (entry: Entry) => (entry.type === 'result' ? entry.observation.at : Number.NEGATIVE_INFINITY);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON lines are no JSON as a whole.
  }
}

function readEntry(value: unknown, place: string): Entry {
  const has = (field: string) => typeof value === 'object' && value !== null && field in value;
  if (has('settings')) return { type: 'settings', ...parse(settingsLineSchema, value, place) };
  if (has('job')) {
    const { job } = parse(jobLineSchema, value, place);
    return { type: 'job', host: job.host, job };
  }
  if (has('checkedAt')) {
    const result = parse(resultSchema, value, place);
    return { type: 'result', host: hostOf(result.target), observation: observe(result) };
  }
  const written = parse(writtenSchema, value, place);
  return { type: 'result', host: written.host, observation: readWritten(written) };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new HistoryFileError(`${place}: ${field}${issue?.message ?? 'This is not a result.'}`);
}

function readWritten({
  at,
  certificate,
  problems,
  unreachable,
  chainEndsAt,
}: z.output<typeof writtenSchema>): Observation {
  const leaf = certificate && {
    fingerprint: [certificate.validTo, certificate.issuer, certificate.key ?? '', certificate.id].join('|'),
    issuer: certificate.issuer,
    key: certificate.key,
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    ...(certificate.names ? { names: namesOf({ sans: certificate.names, subject: '' }) } : {}),
    keyType: certificate.keyType,
  };
  return {
    at: Date.parse(at),
    leaf: unreachable === undefined ? (leaf ?? null) : null,
    shown: leaf ? [leaf.fingerprint] : [],
    problems: problems.map(fillIn),
    unreachable: unreachable ?? (leaf ? null : 'It shows no certificate.'),
    chainEndsAt: chainEndsAt === undefined ? null : Date.parse(chainEndsAt),
    isRelook: false,
  };
}

function fillIn(problem: Problem['code'] | Pick<Problem, 'code' | 'severity'>): Problem {
  const { code, severity } =
    typeof problem === 'string'
      ? { code: problem, severity: problemKind(problem)?.severity ?? ('critical' as const) }
      : problem;
  return { code, severity, message: `Found: ${code}.`, remedy: 'See the check for what to do.' };
}
