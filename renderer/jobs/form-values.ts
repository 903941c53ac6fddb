import type { JobInput, JobView } from '../../shared/job.ts';
import type { Schedule } from '../../shared/schedule.ts';
import { formatTarget, parseTarget, type StarttlsProtocol } from '../../shared/target.ts';
import type { Threshold } from '../../shared/thresholds.ts';

/** A job as the form holds it: text where a person types, and '' for what is left to the default. */
export interface FormValues {
  address: string;
  name: string;
  scheduleType: Schedule['type'];
  minutes: number | string;
  pattern: string;
  timezone: string;
  tags: string[];
  /** 'auto': what is usual on the port; 'none': TLS from the first byte. */
  starttls: StarttlsProtocol | 'auto' | 'none';
  servername: string;
  warningDays: number | string;
  criticalDays: number | string;
  caFiles: string;
  notes: string;
}

export const emptyForm: FormValues = {
  address: '',
  name: '',
  scheduleType: 'adaptive',
  minutes: 60,
  pattern: '0 6 * * *',
  timezone: '',
  tags: [],
  starttls: 'auto',
  servername: '',
  warningDays: '',
  criticalDays: '',
  caFiles: '',
  notes: '',
};

const daysOf = (threshold: Threshold | null) => (threshold && 'days' in threshold ? threshold.days : '');

export function formOf({ target, name, schedule, thresholds, tags, caFiles, notes }: JobView): FormValues {
  return {
    ...emptyForm,
    address: formatTarget(target),
    name,
    scheduleType: schedule.type,
    ...(schedule.type === 'interval' ? { minutes: schedule.minutes } : {}),
    ...(schedule.type === 'cron' ? { pattern: schedule.pattern, timezone: schedule.timezone ?? '' } : {}),
    tags,
    starttls: target.starttls ?? 'none',
    servername: target.servername ?? '',
    warningDays: daysOf(thresholds.warning),
    criticalDays: daysOf(thresholds.critical),
    caFiles: caFiles.join('\n'),
    notes,
  };
}

function scheduleOf({ scheduleType, minutes, pattern, timezone }: FormValues): Schedule {
  switch (scheduleType) {
    case 'adaptive':
      return { type: 'adaptive' };
    case 'interval':
      return { type: 'interval', minutes: Number(minutes) };
    case 'cron':
      return { type: 'cron', pattern, ...(timezone.trim() === '' ? {} : { timezone: timezone.trim() }) };
  }
}

/**
 * The job that the form describes, with every field set, or the sentence for the address where it is none.
 * What else may be wrong the engine says, field by field.
 */
export function jobOf(values: FormValues): { ok: true; job: JobInput } | { ok: false; message: string } {
  const parsed = parseTarget(values.address);
  if (!parsed.ok) return parsed;
  const { host, port, starttls: usual } = parsed.target;
  const starttls = values.starttls === 'auto' ? usual : values.starttls === 'none' ? null : values.starttls;
  const threshold = (days: number | string) => (days === '' ? null : { days: Number(days) });
  return {
    ok: true,
    job: {
      target: { host, port, starttls, servername: values.servername.trim() || null },
      name: values.name,
      schedule: scheduleOf(values),
      thresholds: { warning: threshold(values.warningDays), critical: threshold(values.criticalDays) },
      tags: values.tags,
      caFiles: values.caFiles
        .split('\n')
        .map((path) => path.trim())
        .filter(Boolean),
      notes: values.notes,
    },
  };
}

/** The form's field for a field of the job, so that the engine's sentence stands where the person looks. */
export function fieldFor(path: readonly PropertyKey[]): keyof FormValues {
  const [first, second] = path;
  if (first === 'target')
    return second === 'starttls' ? 'starttls' : second === 'servername' ? 'servername' : 'address';
  if (first === 'schedule')
    return second === 'minutes' ? 'minutes' : second === 'timezone' ? 'timezone' : 'pattern';
  if (first === 'thresholds') return second === 'critical' ? 'criticalDays' : 'warningDays';
  if (first === 'tags' || first === 'notes' || first === 'name' || first === 'caFiles') return first;
  return 'address';
}
