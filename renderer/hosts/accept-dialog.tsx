import { Checkbox, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { problemKind } from '../../shared/domain/problems/problem-kinds.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count } from '../../shared/text/words.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { LiveText } from '../components/time.tsx';
import { showUndoToast } from '../components/undo-toast.tsx';
import { announce } from '../lib/announce.ts';
import type { Api } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import { reportFailure, sentenceOf } from '../lib/report-failure.ts';
import { type AcceptChoice, acceptChoices, othersWithCause } from './accept-choices.ts';

type End = 'changed' | 'date' | 'undone';

const ends: readonly { value: End; label: string }[] = [
  { value: 'changed', label: 'The certificate changes' },
  { value: 'date', label: 'A date' },
  { value: 'undone', label: 'I undo it' },
];

export interface AcceptDialogProps {
  /** The hosts whose problem is accepted. */
  jobs: readonly JobView[];
  /** The problem; undefined: the worst of one host, or what most of several have. */
  code: string | undefined;
  /** Every host: those with the same cause are offered, too. */
  all: readonly JobView[];
  now: number;
  onClose: () => void;
}

/** Accepts a problem of one host or of many, with a reason and an end. */
export function AcceptDialog({ jobs, code: wanted, all, now, onClose }: AcceptDialogProps) {
  const api = useApi();
  // As they were when it opened: results that come meanwhile do not change what a person reads.
  const [choices] = useState(() => acceptChoices(jobs));
  const [code, setCode] = useState(wanted);
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<End>('changed');
  const [day, setDay] = useState('');
  const [withOthers, setWithOthers] = useState(false);
  const [errors, setErrors] = useState<{ reason?: string; day?: string }>({});
  const [failure, setFailure] = useState<string | null>(null);
  const choice = choices.find((one) => one.code === code) ?? choices[0];
  const others = useMemo(
    () => (choice && jobs.length === 1 ? othersWithCause(all, choice) : []),
    [all, choice, jobs.length],
  );
  if (!choice) return null;
  const hosts = [...choice.jobs, ...(withOthers ? others : [])];
  const save = async () => {
    const until = end === 'date' ? dayEnd(day) : end;
    const wrong = {
      ...(reason.trim() === '' ? { reason: 'Give a reason.' } : {}),
      ...(until === null ? { day: 'Choose a date.' } : {}),
    };
    setErrors(wrong);
    if (until === null || Object.keys(wrong).length > 0) return;
    const ids = hosts.map(({ id }) => id);
    try {
      await api.jobs.acceptMany({ ids, problem: choice.code, reason, until });
      offerToUndo(api, hosts, choice.code);
      onClose();
    } catch (error) {
      setFailure(issuesOf(error)[0]?.message ?? sentenceOf(error));
    }
  };
  return (
    <FormDialog
      title={jobs.length === 1 ? 'Accept this problem' : `Accept a problem of ${count(jobs.length, 'host')}`}
      isDirty={reason !== '' || end !== 'changed'}
      saveLabel="Accept problem"
      failure={failure}
      errors={Object.keys(errors).length}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Stack gap="md">
        {wanted === undefined && choices.length > 1 && (
          <Select
            label="Problem"
            data={choices.map((one) => ({ value: one.code, label: choiceWords(one, jobs.length) }))}
            allowDeselect={false}
            value={choice.code}
            onChange={(value) => setCode(value ?? undefined)}
          />
        )}
        <Effect choice={choice} hosts={hosts} now={now} />
        {others.length > 0 && (
          <Checkbox
            label={`Also accept it for ${whose(others, 'other host')}, with the same cause`}
            description={others.length > 1 ? hostNames(others) : undefined}
            checked={withOthers}
            onChange={(event) => setWithOthers(event.currentTarget.checked)}
          />
        )}
        <Until end={end} onChange={setEnd} />
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

/** Says which problem of which hosts is accepted, and what that changes. */
function Effect({ choice, hosts, now }: { choice: AcceptChoice; hosts: readonly JobView[]; now: number }) {
  const [one] = choice.jobs;
  const isOne = hosts.length === 1;
  return (
    <Text size="sm">
      <b>
        {one && choice.jobs.length === 1 ? (
          <LiveText text={choice.message} now={now} />
        ) : (
          `${labelOf(choice)}: ${hostNames(choice.jobs)}.`
        )}
      </b>{' '}
      {whose(hosts, 'host')} {isOne ? 'leaves' : 'leave'} Needs attention if nothing else is wrong. NotAfter
      still alerts about every other problem of {isOne ? 'this host' : 'these hosts'}, and about this one if
      it gets worse.
    </Text>
  );
}

function Until({ end, onChange }: { end: End; onChange: (end: End) => void }) {
  return (
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
              onChange={() => onChange(value)}
            />{' '}
            {label}
          </label>
        ))}
      </Stack>
    </fieldset>
  );
}

/** Names one host, or says how many: `12 hosts`. */
const whose = (jobs: readonly JobView[], noun: string) =>
  jobs.length === 1 && jobs[0] ? jobName(jobs[0]) : count(jobs.length, noun);

const labelOf = ({ code, message }: AcceptChoice) => problemKind(code)?.label ?? message.replace(/\.$/, '');

/** @param of how many hosts are chosen */
function choiceWords(choice: AcceptChoice, of: number): string {
  return of === 1
    ? labelOf(choice)
    : `${labelOf(choice)} (${choice.jobs.length.toLocaleString('en')} of ${of})`;
}

const mostNamed = 4;

/** Names the first hosts, and how many others there are. */
function hostNames(jobs: readonly JobView[]): string {
  const names = jobs.slice(0, mostNamed).map(jobName).join(', ');
  const others = jobs.length - mostNamed;
  return others > 0 ? `${names} and ${count(others, 'other')}` : names;
}

function offerToUndo(api: Api, jobs: readonly JobView[], problem: AcceptChoice['code']): void {
  const ids = jobs.map(({ id }) => id);
  showUndoToast({
    key: `accept ${problem} ${Date.now()}`,
    message: `Problem of ${whose(jobs, 'host')} accepted`,
    label: `Undo accepting ${problem}`,
    undo: () =>
      void reportFailure(api.jobs.unacceptMany({ ids, problem }), 'Could not undo accepting the problem'),
  });
  announce(`Problem of ${whose(jobs, 'host')} accepted. Press Control Z to undo.`);
}
