import { type FormValues, scheduleChoices } from './form-values.ts';

/** A field that differs between what you typed and what was saved elsewhere in the meantime. */
export interface Difference {
  field: keyof FormValues;
  label: string;
  mine: string;
  theirs: string;
}

const labels: Readonly<Record<keyof FormValues, string>> = {
  address: 'Address',
  name: 'Display name',
  scheduleType: 'Check schedule',
  minutes: 'Minutes between checks',
  pattern: 'Cron expression',
  timezone: 'Time zone',
  tags: 'Tags',
  starttls: 'STARTTLS',
  servername: 'Server name (SNI)',
  rules: 'Alerts',
  caFiles: 'CA files',
  notes: 'Notes',
  passphraseFile: 'Passphrase file',
  ipAddress: 'Fixed IP address',
  family: 'Address family',
  allAddresses: 'Check every address',
  reader: 'Handshake',
  bothCertificates: 'Check both certificates',
  proxy: 'Proxy',
  ehloName: 'EHLO name',
  certFile: 'Client certificate',
  keyFile: 'Client key',
  keyPassphraseFile: 'Passphrase file of the key',
};
// SAFETY: the record has exactly the fields of the form, by its type.
const fields = Object.keys(labels) as (keyof FormValues)[];

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Merges two edits of the same job: a field that only the other person changed becomes theirs, all others stay yours.
 * @param base the values from which both started
 */
export function mergeEdits(base: FormValues, mine: FormValues, theirs: FormValues): FormValues {
  return fields.reduce<FormValues>(
    (merged, field) => (isSame(base[field], mine[field]) ? copyField(merged, theirs, field) : merged),
    mine,
  );
}

/** Lists the fields that differ between two edits, in the order of the form. */
export function differences(mine: FormValues, theirs: FormValues): Difference[] {
  return fields
    .filter((field) => !isSame(mine[field], theirs[field]))
    .map((field) => ({
      field,
      label: labels[field],
      mine: valueWords(mine, field),
      theirs: valueWords(theirs, field),
    }));
}

/** Returns `values` with one field of `other`. */
export function copyField(values: FormValues, other: FormValues, field: keyof FormValues): FormValues {
  return { ...values, [field]: other[field] };
}

function valueWords(values: FormValues, field: keyof FormValues): string {
  if (field === 'scheduleType')
    return (
      scheduleChoices.find((choice) => choice.value === values.scheduleType)?.label ?? values.scheduleType
    );
  if (field === 'rules') {
    const { warning, critical, silenced, unreachableMinutes, maintenance } = values.rules;
    const parts = [
      warning && `warning below ${warning}`,
      critical && `critical below ${critical}`,
      silenced.length > 0 && `no alerts about ${silenced.join(', ')}`,
      unreachableMinutes !== '' && `unreachable for ${unreachableMinutes} minutes`,
      maintenance && `maintenance ${maintenance.replaceAll('\n', ', ')}`,
    ];
    return parts.filter(Boolean).join('; ') || 'Default';
  }
  const value = values[field];
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text === '' ? '(empty)' : text;
}
