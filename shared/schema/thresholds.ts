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

/** As `parseThreshold` reads it: `20 days`, `30 %`, or nothing. */
export function formatThreshold(threshold: Threshold | null): string {
  if (threshold === null) return '';
  return 'days' in threshold
    ? `${threshold.days} ${threshold.days === 1 ? 'day' : 'days'}`
    : `${Number((threshold.share * 100).toFixed(4))} %`;
}
