import { Group, MultiSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { thresholdAt, type ValidityTimes } from '../../shared/domain/expiry.ts';
import { exactDate } from '../lib/dates.ts';
import { type RulesForm, readThresholds, silenceable } from './rules-form.ts';

/** What Mantine's inputs take: a value or a default, what is called on change or blur, an error. */
// biome-ignore lint/suspicious/noExplicitAny: the type of Mantine's own getInputProps.
export type InputProps = Record<string, any>;

interface RulesFieldsProps {
  input: (field: keyof RulesForm) => InputProps;
  /** Whether these are the settings, which inherit from nothing but NotAfter's defaults. */
  isOutermost?: boolean;
  /** The values, to show their effect on a certificate. */
  values?: RulesForm;
  /** The present certificate; null: none is known. */
  validity?: ValidityTimes | null;
}

/** Thresholds, and what is alerted. */
export function RulesFields({ input, isOutermost = false, values, validity = null }: RulesFieldsProps) {
  const otherwise = isOutermost ? '' : ' Rules of tags and settings come first.';
  const effect = (level: 'warning' | 'critical') => {
    const read = values === undefined || validity === null ? null : readThresholds(values);
    if (validity === null || !read?.ok || read.thresholds[level] === null) return undefined;
    return `${level === 'warning' ? 'Warns' : 'Critical'} from ${exactDate(thresholdAt(level, validity, read.thresholds))}`;
  };
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="Warn below"
          placeholder={isOutermost ? 'Default: ¼ of lifetime, max 30 days' : 'Default'}
          title={`Days, such as 20, or a share of the lifetime, such as 30 %. The default is a quarter of the lifetime, at most 30 days.${otherwise}`}
          description={effect('warning')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          {...input('warning')}
        />
        <TextInput
          label="Critical below"
          placeholder={isOutermost ? 'Default: ⅒ of lifetime, max 7 days' : 'Default'}
          title={`Days, such as 5, or a share of the lifetime, such as 10 %. The default is a tenth of the lifetime, at most 7 days.${otherwise}`}
          description={effect('critical')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          {...input('critical')}
        />
      </Group>
      <TextInput
        label="Also notify at"
        placeholder={isOutermost ? 'No other time' : 'Default'}
        description="Days before expiry, such as 60, 30, 14, 7, or shares of the lifetime. They do not change the status."
        {...input('notifyAt')}
      />
      <Group grow align="flex-start">
        <NumberInput
          label="Alert when unreachable for (minutes)"
          placeholder="20"
          min={0}
          {...input('unreachableMinutes')}
        />
        <MultiSelect
          label="Don’t alert about"
          placeholder="Alert about everything"
          data={silenceable}
          clearable
          {...input('silenced')}
        />
      </Group>
      <Textarea
        label="Maintenance windows"
        description="No alerts during these times (one per line): Sun 02:00-04:00, Mon-Fri 22:00-06:00 Europe/Berlin, 2026-11-26 02:00-04:00"
        autosize
        minRows={1}
        spellCheck={false}
        {...input('maintenance')}
      />
    </>
  );
}
