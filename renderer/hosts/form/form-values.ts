import { type AlertRules, inheritedRules } from '../../../shared/schema/alert-rules.ts';
import type { Connection } from '../../../shared/schema/connection.ts';
import type { JobInput, JobView } from '../../../shared/schema/job.ts';
import type { Schedule } from '../../../shared/schema/schedule.ts';
import {
  formatTarget,
  isFileTarget,
  type StarttlsProtocol,
  type Target,
} from '../../../shared/schema/target.ts';
import { defaultThresholds, type Thresholds } from '../../../shared/schema/thresholds.ts';
import {
  emptyRules,
  type ReadRules,
  type RulesForm,
  readRules,
  rulesForm,
} from '../../components/rules-form.ts';
import { readAddress } from './read-address.ts';

/** A job as the form holds it: text for typed fields, and '' for the default. */
export interface FormValues {
  address: string;
  name: string;
  scheduleType: Schedule['type'];
  minutes: number | string;
  pattern: string;
  timezone: string;
  tags: string[];
  /** 'auto': the usual protocol of the port; 'none': TLS from the first byte. */
  starttls: StarttlsProtocol | 'auto' | 'none';
  servername: string;
  rules: RulesForm;
  caFiles: string;
  notes: string;
  passphraseFile: string;
  ipAddress: string;
  family: Connection['family'];
  allAddresses: boolean;
  reader: Connection['reader'];
  bothCertificates: boolean;
  proxy: string;
  ehloName: string;
  certFile: string;
  keyFile: string;
  keyPassphraseFile: string;
}

/** Kinds of schedules to choose from. */
export const scheduleChoices: { value: Schedule['type']; label: string }[] = [
  { value: 'adaptive', label: 'Daily, more often as expiry nears' },
  { value: 'interval', label: 'Every N minutes' },
  { value: 'cron', label: 'Cron expression' },
];

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
  rules: emptyRules,
  caFiles: '',
  notes: '',
  passphraseFile: '',
  ipAddress: '',
  family: 'any',
  allAddresses: false,
  reader: 'light',
  bothCertificates: false,
  proxy: '',
  ehloName: '',
  certFile: '',
  keyFile: '',
  keyPassphraseFile: '',
};

export function formOf(job: JobView): FormValues {
  const { target, name, schedule, tags, caFiles, notes, connection } = job;
  const { clientCertificate } = connection;
  return {
    ...emptyForm,
    address: formatTarget(target),
    name,
    scheduleType: schedule.type,
    ...(schedule.type === 'interval' ? { minutes: schedule.minutes } : {}),
    ...(schedule.type === 'cron' ? { pattern: schedule.pattern, timezone: schedule.timezone ?? '' } : {}),
    tags,
    ...(isFileTarget(target)
      ? { passphraseFile: target.passphraseFile ?? '' }
      : { starttls: target.starttls ?? 'none', servername: target.servername ?? '' }),
    ipAddress: connection.address ?? '',
    family: connection.family,
    allAddresses: connection.allAddresses,
    reader: connection.reader,
    bothCertificates: connection.bothCertificates,
    proxy: connection.proxy ?? '',
    ehloName: connection.ehloName ?? '',
    certFile: clientCertificate?.certFile ?? '',
    keyFile: clientCertificate?.keyFile ?? '',
    keyPassphraseFile: clientCertificate?.passphraseFile ?? '',
    rules: rulesForm(job),
    caFiles: caFiles.join('\n'),
    notes,
  };
}

/** Returns the schedule in the form. The engine validates it. */
export function scheduleOf({
  scheduleType,
  minutes,
  pattern,
  timezone,
}: Pick<FormValues, 'scheduleType' | 'minutes' | 'pattern' | 'timezone'>): Schedule {
  switch (scheduleType) {
    case 'adaptive':
      return { type: 'adaptive' };
    case 'interval':
      return { type: 'interval', minutes: Number(minutes) };
    case 'cron':
      return { type: 'cron', pattern, ...(timezone.trim() === '' ? {} : { timezone: timezone.trim() }) };
  }
}

/** Returns the thresholds in the form; the defaults if they are invalid. */
export function thresholdsOf({ rules }: FormValues): Thresholds {
  const read = readRules(rules, inheritedRules);
  return read.ok ? read.thresholds : defaultThresholds;
}

/** A field of the form, by its path. */
export type Field = Exclude<keyof FormValues, 'rules'> | `rules.${keyof RulesForm}`;

export type FieldErrors = Partial<Record<Field, string>>;

function rulesErrors({ errors }: Extract<ReadRules, { ok: false }>): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([field, message]) => [`rules.${field}`, message]));
}

/**
 * Returns the job in the form with every field set, or an error for each invalid field. The engine validates the rest.
 * @param before the alert rules that the job had
 */
export function jobOf(
  values: FormValues,
  before: AlertRules = inheritedRules,
): { ok: true; job: JobInput } | { ok: false; errors: FieldErrors } {
  const parsed = readAddress(values.address);
  if (!parsed.ok) return { ok: false, errors: { address: parsed.message } };
  const rules = readRules(values.rules, before);
  if (!rules.ok) return { ok: false, errors: rulesErrors(rules) };
  return {
    ok: true,
    job: {
      target: targetOf(parsed.target, values),
      name: values.name,
      schedule: scheduleOf(values),
      thresholds: rules.thresholds,
      alerts: rules.alerts,
      tags: values.tags,
      caFiles: values.caFiles
        .split('\n')
        .map((path) => path.trim())
        .filter(Boolean),
      notes: values.notes,
      connection: connectionOf(values),
    },
  };
}

function targetOf(target: Target, { starttls, servername, passphraseFile }: FormValues): JobInput['target'] {
  if (isFileTarget(target)) return { file: target.file, passphraseFile: passphraseFile.trim() || null };
  const { host, port, starttls: usual } = target;
  return { host, port, starttls: chosenStarttls(starttls, usual), servername: servername.trim() || null };
}

/** Returns the protocol of a choice on a port whose usual protocol is `usual`. */
export function chosenStarttls(
  choice: FormValues['starttls'],
  usual: StarttlsProtocol | null,
): StarttlsProtocol | null {
  if (choice === 'auto') return usual;
  return choice === 'none' ? null : choice;
}

function connectionOf(values: FormValues): JobInput['connection'] {
  const { ipAddress, family, allAddresses, reader, bothCertificates, proxy, certFile, keyFile } = values;
  const { keyPassphraseFile } = values;
  const hasCertificate = certFile.trim() !== '' || keyFile.trim() !== '';
  return {
    address: ipAddress.trim() || null,
    family,
    allAddresses,
    reader,
    bothCertificates,
    proxy: proxy.trim() || null,
    ehloName: values.ehloName.trim() || null,
    clientCertificate: hasCertificate
      ? {
          certFile: certFile.trim(),
          keyFile: keyFile.trim(),
          passphraseFile: keyPassphraseFile.trim() || null,
        }
      : null,
  };
}

/** Returns the form's field for a field of the job, so that the engine's error appears at it. */
export function fieldFor(path: readonly PropertyKey[]): Field {
  const fields: Record<string, Field> = {
    'target.starttls': 'starttls',
    'target.servername': 'servername',
    'target.passphraseFile': 'passphraseFile',
    'schedule.minutes': 'minutes',
    'schedule.timezone': 'timezone',
    schedule: 'pattern',
    'thresholds.critical': 'rules.critical',
    thresholds: 'rules.warning',
    'alerts.unreachableMinutes': 'rules.unreachableMinutes',
    'alerts.notifyAt': 'rules.notifyAt',
    alerts: 'rules.maintenance',
    'connection.family': 'family',
    'connection.allAddresses': 'allAddresses',
    'connection.reader': 'reader',
    'connection.bothCertificates': 'bothCertificates',
    'connection.proxy': 'proxy',
    'connection.ehloName': 'ehloName',
    'connection.clientCertificate.keyFile': 'keyFile',
    'connection.clientCertificate.passphraseFile': 'keyPassphraseFile',
    'connection.clientCertificate': 'certFile',
    connection: 'ipAddress',
    tags: 'tags',
    notes: 'notes',
    name: 'name',
    caFiles: 'caFiles',
  };
  for (let length = path.length; length > 0; length -= 1) {
    const field = fields[path.slice(0, length).map(String).join('.')];
    if (field) return field;
  }
  return 'address';
}
