import { Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { describeSchedule } from '../../../shared/schema/describe-schedule.ts';
import { nextTimes, type Outlook, type Schedule, scheduleSchema } from '../../../shared/schema/schedule.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { capitalise } from '../../../shared/text/words.ts';
import type { InputProps } from '../../components/rules-fields.tsx';
import { shortTime } from '../../lib/dates.ts';
import { useNow } from '../../lib/use-now.ts';
import { scheduleChoices } from './form-values.ts';

interface ScheduleFieldsProps {
  type: Schedule['type'] | null;
  input: (field: 'scheduleType' | 'minutes' | 'pattern' | 'timezone') => InputProps;
  /** Whether nothing may be chosen, which changes nothing. */
  isOptional?: boolean;
}

/** When a host is checked. */
export function ScheduleFields({ type, input, isOptional = false }: ScheduleFieldsProps) {
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label="Check schedule"
          data={scheduleChoices}
          allowDeselect={isOptional}
          clearable={isOptional}
          placeholder={isOptional ? 'No change' : ''}
          {...input('scheduleType')}
        />
        {type === 'interval' && (
          <NumberInput label="Minutes between checks" min={1} allowDecimal={false} {...input('minutes')} />
        )}
        {type === 'cron' && (
          <TextInput label="Cron expression" spellCheck={false} ff="monospace" {...input('pattern')} />
        )}
      </Group>
      {type === 'cron' && (
        <TextInput
          label="Time zone"
          placeholder="Time zone of this computer"
          spellCheck={false}
          {...input('timezone')}
        />
      )}
    </>
  );
}

interface NextChecksProps {
  schedule: Schedule;
  outlook?: Outlook;
  thresholds?: Thresholds;
  /** Whether a field already shows what is wrong. */
  hasError: boolean;
}

/** Describes a schedule and its next times while it is edited, or why it is none. */
export function NextChecks({ schedule, outlook, thresholds, hasError }: NextChecksProps) {
  const now = useNow();
  const parsed = scheduleSchema.safeParse(schedule);
  if (!parsed.success) {
    if (hasError) return null;
    return (
      <Text size="xs" c="var(--critical)" role="status">
        {parsed.error.issues[0]?.message}
      </Text>
    );
  }
  const times = nextTimes(parsed.data, now, 5, outlook, thresholds);
  return (
    <Text size="xs" className="dim" role="status">
      {capitalise(describeSchedule(parsed.data))}. Next checks: {times.map((at) => shortTime(at)).join(' · ')}
    </Text>
  );
}
