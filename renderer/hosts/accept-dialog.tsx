import { Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { LiveText } from '../components/time.tsx';
import { showUndoToast } from '../components/undo-toast.tsx';
import { announce } from '../lib/announce.ts';
import { useApi } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import { reportFailure, sentenceOf } from '../lib/report-failure.ts';

type Found = NonNullable<JobView['lastCheck']>['problems'][number];
type End = 'changed' | 'date' | 'undone';

const ends: readonly { value: End; label: string }[] = [
  { value: 'changed', label: 'The certificate changes' },
  { value: 'date', label: 'A date' },
  { value: 'undone', label: 'I undo it' },
];

export interface AcceptDialogProps {
  job: JobView;
  problem: Pick<Found, 'code' | 'message'>;
  now: number;
  onClose: () => void;
}

/** Accepts a problem of a host, with a reason and an end. */
export function AcceptDialog({ job, problem, now, onClose }: AcceptDialogProps) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<End>('changed');
  const [day, setDay] = useState('');
  const [errors, setErrors] = useState<{ reason?: string; day?: string }>({});
  const [failure, setFailure] = useState<string | null>(null);
  const offerToUndo = () => {
    const name = jobName(job);
    showUndoToast({
      key: `accept ${job.id} ${problem.code} ${Date.now()}`,
      message: `Problem of ${name} accepted`,
      label: `Undo accepting ${problem.code}`,
      undo: () =>
        void reportFailure(
          api.jobs.unaccept({ id: job.id, problem: problem.code }),
          'Could not undo accepting the problem',
        ),
    });
    announce(`Problem of ${name} accepted. Press Control Z to undo.`);
  };
  const save = async () => {
    const until = end === 'date' ? dayEnd(day) : end;
    const wrong = {
      ...(reason.trim() === '' ? { reason: 'Give a reason.' } : {}),
      ...(until === null ? { day: 'Choose a date.' } : {}),
    };
    setErrors(wrong);
    if (until === null || Object.keys(wrong).length > 0) return;
    try {
      await api.jobs.accept({ id: job.id, problem: problem.code, reason, until });
      offerToUndo();
      onClose();
    } catch (error) {
      setFailure(issuesOf(error)[0]?.message ?? sentenceOf(error));
    }
  };
  return (
    <FormDialog
      title="Accept this problem"
      isDirty={reason !== '' || end !== 'changed'}
      saveLabel="Accept problem"
      failure={failure}
      errors={Object.keys(errors).length}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text size="sm">
          <b>
            <LiveText text={problem.message} now={now} />
          </b>{' '}
          {jobName(job)} leaves Needs attention if nothing else is wrong. NotAfter still alerts about every
          other problem of this host, and about this one if it gets worse.
        </Text>
        <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
          <legend style={{ padding: 0 }}>
            <Text size="sm" fw={600}>
              Accept until
            </Text>
          </legend>
          <Stack gap={6} mt={6}>
            {ends.map(({ value, label }) => (
              <label key={value}>
                <input
                  type="radio"
                  style={{ margin: '0 4px 0 0' }}
                  name="accept-until"
                  checked={end === value}
                  onChange={() => setEnd(value)}
                />{' '}
                {label}
              </label>
            ))}
          </Stack>
        </fieldset>
        {end === 'date' && (
          <TextInput
            type="date"
            label="Accept through"
            value={day}
            error={errors.day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Reason"
          description="Shown on the host page and in exports."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={reason}
          error={errors.reason}
          maxLength={500}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </FormDialog>
  );
}

/** Returns the end of a day in the time zone of the person, ISO 8601; null: no day was chosen. */
function dayEnd(day: string): string | null {
  const [year, month, date] = day.split('-').map(Number);
  return year && month && date ? new Date(year, month - 1, date + 1).toISOString() : null;
}
