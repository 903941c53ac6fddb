import { z } from 'zod';
import { tagSchema } from './tag.ts';
import { notifyAtSchema, type Thresholds, thresholdsSchema } from './thresholds.ts';
import { maintenanceSchema } from './time-window.ts';

const yesOrNo = (what: string) => z.boolean().nullable().default(null).describe(`${what} Null: inherited.`);

/** What is alerted. Null leaves it to what stands further out: a job's own rules, its tags', the settings'. */
export const alertRulesSchema = z
  .strictObject({
    expiry: yesOrNo(
      'Alert about coming expiry, expired certificates, overdue renewals, and hosts that still show a certificate renewed elsewhere.',
    ),
    problems: yesOrNo('Alert about other certificate problems.'),
    changes: yesOrNo('Alert when a certificate changes unexpectedly.'),
    unreachable: yesOrNo('Alert when a host is unreachable.'),
    unreachableMinutes: z
      .number()
      .min(0, 'Minutes are 0 or more.')
      .max(60 * 24 * 30, 'At most 30 days.')
      .nullable()
      .default(null)
      .describe('Minutes that a host must be unreachable before an alert. Null: inherited.'),
    remindEveryDays: z
      .union([
        z.number().min(0, 'Days are 0 or more; 0 is never.').max(30, 'At most every 30 days.'),
        z.literal('auto'),
      ])
      .nullable()
      .default(null)
      .describe(
        'Days between reminders of an open critical alert, at most seven reminders. 0: no reminders. auto: daily from 3 days before expiry, for expiry only. Null: inherited.',
      ),
    notifyAt: notifyAtSchema
      .nullable()
      .default(null)
      .describe(
        'Further times before expiry at which people are notified, such as [{"days": 60}, {"days": 14}]. `warning` and `critical` alone decide the status. Null: as further out.',
      ),
    maintenance: z
      .array(maintenanceSchema)
      .max(50, 'At most 50 windows.')
      .nullable()
      .default(null)
      .describe(
        'Maintenance windows: no alerts during these times. Problems that remain afterwards alert when the window ends. Null: inherited.',
      ),
  })
  .describe('Alert rules. Null inherits from the job’s tags, then from the settings.');
export type AlertRules = z.infer<typeof alertRulesSchema>;

export const inheritedRules: AlertRules = alertRulesSchema.parse({});

/** What holds for the jobs that carry a tag. */
export const tagRulesSchema = z.strictObject({
  tag: tagSchema.describe('The tag whose jobs these rules apply to.'),
  thresholds: thresholdsSchema.default({ warning: null, critical: null }),
  alerts: alertRulesSchema.default(inheritedRules),
});
export type TagRules = z.infer<typeof tagRulesSchema>;

/** Rules with every question answered. */
export interface ResolvedRules {
  thresholds: Thresholds;
  alerts: { [Field in keyof AlertRules]: NonNullable<AlertRules[Field]> };
}

interface Ruled {
  thresholds: Thresholds;
  alerts: AlertRules;
}

/** The defaults. 20 minutes cover the pauses after which an unreachable host is tried again. */
const outermost: ResolvedRules['alerts'] = {
  expiry: true,
  problems: true,
  changes: true,
  unreachable: true,
  unreachableMinutes: 20,
  remindEveryDays: 'auto',
  notifyAt: [],
  maintenance: [],
};

/**
 * The rules of a job: its own, else those of its tags in the job's order of tags, else the settings', field by field.
 * Thresholds go together where they are of one level: a nearer warning does not bring a nearer critical along.
 */
export function resolveRules(
  job: Ruled & { tags: readonly string[] },
  settings: Ruled & { tagRules: readonly TagRules[] },
): ResolvedRules {
  const byTag = job.tags.flatMap((tag) => settings.tagRules.find((rules) => rules.tag === tag) ?? []);
  const levels: Ruled[] = [job, ...byTag, settings];
  const nearest = <Value>(pick: (ruled: Ruled) => Value | null): Value | null => {
    for (const level of levels) {
      const value = pick(level);
      if (value !== null) return value;
    }
    return null;
  };
  const rule = <Field extends keyof AlertRules>(field: Field) =>
    // SAFETY: `pick` skips null, and the outermost rules have none.
    (nearest(({ alerts }) => alerts[field]) ?? outermost[field]) as NonNullable<AlertRules[Field]>;
  return {
    thresholds: {
      warning: nearest(({ thresholds }) => thresholds.warning),
      critical: nearest(({ thresholds }) => thresholds.critical),
    },
    alerts: {
      expiry: rule('expiry'),
      problems: rule('problems'),
      changes: rule('changes'),
      unreachable: rule('unreachable'),
      unreachableMinutes: rule('unreachableMinutes'),
      remindEveryDays: rule('remindEveryDays'),
      notifyAt: rule('notifyAt'),
      maintenance: rule('maintenance'),
    },
  };
}
