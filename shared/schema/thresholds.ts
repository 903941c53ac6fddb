import { z } from 'zod';

const message = 'A threshold is {"days": 20} or {"share": 0.3} of the certificate’s lifetime.';

/** A threshold of expiry: days, or a share of the lifetime. */
const thresholdSchema = z.union(
  [
    z.strictObject({
      days: z
        .number()
        .min(0, 'Days are 0 or more.')
        .max(3650, 'Days are at most 3650.')
        .describe('Days before notAfter.'),
    }),
    z.strictObject({
      share: z
        .number()
        .min(0, 'A share is from 0 to 1.')
        .max(1, 'A share is from 0 to 1.')
        .describe('Remaining share of the lifetime, from 0 to 1.'),
    }),
  ],
  { error: message },
);
export type Threshold = z.infer<typeof thresholdSchema>;

export const thresholdsSchema = z
  .strictObject({
    warning: thresholdSchema.nullable().default(null).describe('Threshold for a warning; null: the default.'),
    critical: thresholdSchema.nullable().default(null).describe('Threshold for critical; null: the default.'),
  })
  .superRefine(({ warning, critical }, context) => {
    const sameKind = (kind: 'days' | 'share') =>
      warning && critical && kind in warning && kind in critical
        ? // SAFETY: both have the field `kind`, which `in` has shown.
          [(warning as Record<string, number>)[kind] ?? 0, (critical as Record<string, number>)[kind] ?? 0]
        : null;
    const pair = sameKind('days') ?? sameKind('share');
    // SAFETY: a pair has two numbers.
    if (pair && (pair[0] as number) < (pair[1] as number)) {
      context.addIssue({
        code: 'custom',
        path: ['critical'],
        message: 'The critical threshold must not be higher than the warning threshold.',
      });
    }
  })
  .describe(
    'Expiry thresholds. The defaults are a quarter of the lifetime, at most 30 days, for a warning, and a tenth, at most 7 days, for critical.',
  );
export type Thresholds = z.infer<typeof thresholdsSchema>;

export const defaultThresholds: Thresholds = { warning: null, critical: null };

/**
 * Reads a threshold as a person writes it: `20`, `20 days` or `30 %` of the lifetime; empty text inherits the threshold.
 * @returns undefined where it is none of these
 */
export function parseThreshold(text: string): Threshold | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const [, number, unit = ''] = /^(\d+(?:[.,]\d+)?)\s*(%|d|days?)?$/i.exec(trimmed) ?? [];
  if (number === undefined) return undefined;
  const value = Number(number.replace(',', '.'));
  const parsed = thresholdSchema.safeParse(unit === '%' ? { share: value / 100 } : { days: value });
  return parsed.success ? parsed.data : undefined;
}

/** The sentence for a text that `parseThreshold` does not read. */
export const thresholdHelp = 'Write days, such as 20, or a percentage of the lifetime, such as 30 %.';

/** Maximum number of notification points of a job, a tag or the settings. */
const maxPoints = 20;

/** Further times before expiry at which people are notified; they decide no status. */
export const notifyAtSchema = z
  .array(
    thresholdSchema.refine((point) => ('days' in point ? point.days : point.share) > 0, {
      error: 'A notification point is more than 0: expiry itself is always notified.',
    }),
  )
  .max(maxPoints, `At most ${maxPoints} notification points.`);

/** The word for no points at all, where empty text inherits them. */
const noPoints = 'none';

/**
 * Reads notification points as a person writes them: `60, 30, 14, 7`, with shares of the lifetime such as `50 %` among them. Empty
 * text inherits them; `none` is no point at all.
 * @returns undefined where it is none of these
 */
export function parseNotifyAt(text: string): Threshold[] | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (trimmed.toLowerCase() === noPoints) return [];
  const points = trimmed.split(/[,;\n]/).map(parseThreshold);
  const parsed = notifyAtSchema.safeParse(points);
  return parsed.success ? parsed.data : undefined;
}

/** The sentence for a text that `parseNotifyAt` does not read. */
export const notifyAtHelp = `Write up to ${maxPoints} points, separated by commas, such as 60, 30, 14, 7 (days before expiry) or 50 % of the lifetime; “none” for none.`;

/** As `parseNotifyAt` reads it. */
export function formatNotifyAt(points: readonly Threshold[] | null): string {
  if (points === null) return '';
  return points.length === 0 ? noPoints : points.map(formatThreshold).join(', ');
}

/** As `parseThreshold` reads it: `20 days`, `30 %`, or nothing. */
export function formatThreshold(threshold: Threshold | null): string {
  if (threshold === null) return '';
  return 'days' in threshold
    ? `${threshold.days} ${threshold.days === 1 ? 'day' : 'days'}`
    : `${Number((threshold.share * 100).toFixed(4))} %`;
}
