import { Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import type { Schedule } from '../../../shared/schema/schedule.ts';
import { count } from '../../../shared/text/words.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { readThresholds } from '../../components/rules-form.ts';
import { TagField } from '../../components/tag-field.tsx';
import { useApi } from '../../lib/api-context.tsx';
import { issuesOf } from '../../lib/issues.ts';
import { sentenceOf } from '../../lib/report-failure.ts';
import { emptyForm, scheduleOf } from '../form/form-values.ts';
import { NextChecks, ScheduleFields } from '../form/schedule-fields.tsx';
import { offerUndoOfEdit } from './undo-edit.ts';

interface TagsDialogProps {
  /** Whose tags change. */
  jobs: readonly JobView[];
  /** Every tag in use, to complete from. */
  tags: readonly string[];
  onClose: () => void;
}

/** Adds tags to hosts and removes tags from them. */
export function TagsDialog({ jobs, tags, onClose }: TagsDialogProps) {
  const api = useApi();
  const [added, setAdded] = useState<string[]>([]);
  const [removed, setRemoved] = useState<string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const carried = [...new Set(jobs.flatMap((job) => job.tags))].sort();
  const isDirty = added.length + removed.length > 0;
  const save = async () => {
    try {
      await api.jobs.editMany({ ids: jobs.map(({ id }) => id), addTags: added, removeTags: removed });
      offerUndoOfEdit(api, jobs, ['tags'], 'Tags');
      onClose();
    } catch (error) {
      setFailure(issuesOf(error)[0]?.message ?? sentenceOf(error));
    }
  };
  return (
    <FormDialog
      title={`Tags of ${count(jobs.length, 'host')}`}
      isDirty={isDirty}
      saveLabel="Save"
      canSave={isDirty}
      failure={failure}
      onSave={() => void save()}
      onClose={onClose}
    >
      <TagField label="Add tags" known={tags} value={added} onChange={setAdded} data-autofocus />
      {carried.length > 0 && (
        <TagField label="Remove tags" known={carried} value={removed} onChange={setRemoved} />
      )}
    </FormDialog>
  );
}

interface Values {
  scheduleType: Schedule['type'] | null;
  minutes: number | string;
  pattern: string;
  timezone: string;
  warning: string;
  critical: string;
}

const unchanged: Values = {
  scheduleType: null,
  minutes: emptyForm.minutes,
  pattern: emptyForm.pattern,
  timezone: '',
  warning: '',
  critical: '',
};

/** Changes schedule and thresholds of many hosts; empty fields stay as they are. */
export function ScheduleDialog({ jobs, onClose }: { jobs: readonly JobView[]; onClose: () => void }) {
  const ids = jobs.map(({ id }) => id);
  const api = useApi();
  const [values, setValues] = useState(unchanged);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const { scheduleType } = values;
  const schedule = scheduleType === null ? null : scheduleOf({ ...values, scheduleType });
  const hasThresholds = values.warning !== '' || values.critical !== '';
  const input = (field: keyof Values) => ({
    value: values[field],
    error: errors[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement> | string | number | null) => {
      const isEvent = typeof event === 'object' && event !== null;
      setValues({ ...values, [field]: isEvent ? event.currentTarget.value : event });
    },
  });
  const save = async () => {
    setErrors({});
    setFailure(null);
    const read = readThresholds(values);
    if (!read.ok) {
      setErrors(read.errors);
      return;
    }
    const patch = {
      ...(schedule ? { schedule } : {}),
      ...(hasThresholds ? { thresholds: read.thresholds } : {}),
    };
    try {
      await api.jobs.editMany({ ids, patch });
      offerUndoOfEdit(api, jobs, ['schedule', 'thresholds'], 'Schedule');
      onClose();
    } catch (error) {
      const issues = issuesOf(error);
      setErrors(Object.fromEntries(issues.map(({ path = [], message }) => [String(path.at(-1)), message])));
      if (issues.length === 0) setFailure(sentenceOf(error));
    }
  };
  return (
    <FormDialog
      title={`Schedule of ${count(ids.length, 'host')}`}
      size="lg"
      isDirty={schedule !== null || hasThresholds}
      saveLabel="Save"
      canSave={schedule !== null || hasThresholds}
      errors={Object.keys(errors).length}
      failure={failure}
      onSave={() => void save()}
      onClose={onClose}
    >
      <ScheduleFields type={scheduleType} input={input} isOptional />
      {schedule && <NextChecks schedule={schedule} hasError={Object.keys(errors).length > 0} />}
      <Group grow align="flex-start">
        {(['warning', 'critical'] as const).map((level) => (
          <TextInput
            key={level}
            label={level === 'warning' ? 'Warn below' : 'Critical below'}
            placeholder={hasThresholds ? 'Default' : 'No change'}
            description={`Days, or a share of the lifetime, such as ${level === 'warning' ? '30' : '10'} %`}
            {...input(level)}
            value={values[level]}
          />
        ))}
      </Group>
    </FormDialog>
  );
}
