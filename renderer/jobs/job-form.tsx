import {
  Button,
  Collapse,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { ORPCError } from '@orpc/client';
import { useState } from 'react';
import { jobName } from '../../shared/headline.ts';
import type { JobView } from '../../shared/job.ts';
import { describeSchedule, nextTimes } from '../../shared/schedule.ts';
import { isFileTarget, parseTarget } from '../../shared/target.ts';
import { capitalise } from '../../shared/words.ts';
import type { Api } from '../api.ts';
import { shortTime } from '../components/dates.ts';
import { sentenceOf } from '../components/tell.ts';
import { useNow } from '../components/use-now.ts';
import { showJob } from '../components/use-route.ts';
import {
  chosenStarttls,
  emptyForm,
  type FormValues,
  fieldFor,
  formOf,
  jobOf,
  scheduleOf,
  thresholdsOf,
} from './form-values.ts';
import { MoreFields } from './more-fields.tsx';

interface JobFormProps {
  api: Api;
  /** The job to edit; null for a new one. */
  job: JobView | null;
  onClose: () => void;
}

const schedules = [
  { value: 'adaptive', label: 'Daily, more often as expiry nears' },
  { value: 'interval', label: 'At an interval' },
  { value: 'cron', label: 'By a cron pattern' },
];

/** Adds a job or edits one. Only the address is needed; the rest is folded away behind its defaults. */
export function JobForm({ api, job, onClose }: JobFormProps) {
  const form = useForm<FormValues>({ initialValues: job ? formOf(job) : emptyForm });
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [showsMore, setShowsMore] = useState(false);

  const save = async (values: FormValues) => {
    const read = jobOf(values);
    if (!read.ok) return form.setFieldError('address', read.message);
    setSaving(true);
    setFailure(null);
    try {
      const saved = job ? await api.jobs.edit({ id: job.id, ...read.job }) : await api.jobs.add(read.job);
      showJob(saved.id);
      onClose();
    } catch (error) {
      const errors = fieldErrors(error);
      form.setErrors(errors);
      if (Object.keys(errors).length === 0) setFailure(sentenceOf(error));
      if (Object.keys(errors).some((field) => !alwaysShown.some((shown) => shown === field)))
        setShowsMore(true);
    } finally {
      setSaving(false);
    }
  };

  return (
    <Modal opened onClose={onClose} size="lg" title={job ? `Edit ${jobName(job)}` : 'Watch a certificate'}>
      <form onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Address"
            placeholder="example.com, mail.example.com:587 or a URL"
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            description={understood(form.values)}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            {...form.getInputProps('address')}
          />
          <Group grow align="flex-start">
            <Select
              label="Check"
              data={schedules}
              allowDeselect={false}
              {...form.getInputProps('scheduleType')}
            />
            {form.values.scheduleType === 'interval' && (
              <NumberInput
                label="Minutes between checks"
                min={1}
                allowDecimal={false}
                {...form.getInputProps('minutes')}
              />
            )}
            {form.values.scheduleType === 'cron' && (
              <TextInput label="Cron pattern" spellCheck={false} {...form.getInputProps('pattern')} />
            )}
          </Group>
          {form.values.scheduleType === 'cron' && (
            <TextInput
              label="Time zone"
              placeholder="This machine’s"
              spellCheck={false}
              {...form.getInputProps('timezone')}
            />
          )}
          <NextTimes values={form.values} job={job} />
          <TagsInput label="Tags" placeholder="Enter after each" {...form.getInputProps('tags')} />
          <UnstyledButton
            c="var(--accent)"
            fz="sm"
            aria-expanded={showsMore}
            onClick={() => setShowsMore(!showsMore)}
            style={{ alignSelf: 'flex-start' }}
          >
            {showsMore ? '▾' : '▸'} More: name, STARTTLS, thresholds, CA files, connection, notes
          </UnstyledButton>
          <Collapse expanded={showsMore}>
            <MoreFields form={form} />
          </Collapse>
          {failure && (
            <Text role="alert" size="sm" c="var(--critical)">
              {failure}
            </Text>
          )}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" size="sm" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="sm" loading={isSaving}>
              {job ? 'Save' : 'Add'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A schedule in words, with its next times, before it is saved. */
function NextTimes({ values, job }: { values: FormValues; job: JobView | null }) {
  const now = useNow();
  const schedule = scheduleOf(values);
  const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
  const last = job?.lastCheck;
  const outlook = {
    validFrom: time(last?.validFrom),
    validTo: time(last?.validTo),
    renewalAt: time(last?.expectedRenewalAt),
  };
  const times = nextTimes(schedule, now, 5, outlook, thresholdsOf(values));
  if (times.length === 0) return null;
  return (
    <Text size="xs" className="dim" role="status">
      {capitalise(describeSchedule(schedule))}. Next: {times.map((time) => shortTime(time)).join(' · ')}
    </Text>
  );
}

const alwaysShown: (keyof FormValues)[] = [
  'address',
  'scheduleType',
  'minutes',
  'pattern',
  'timezone',
  'tags',
];

/** What the address was understood as, while it is typed. */
function understood({ address, starttls }: FormValues): string | undefined {
  if (address.trim() === '') return undefined;
  const parsed = parseTarget(address);
  if (!parsed.ok) return undefined;
  if (isFileTarget(parsed.target)) return 'Looks into this file.';
  const { host, port, starttls: usual } = parsed.target;
  const protocol = chosenStarttls(starttls, usual);
  return `Looks at ${host} on port ${port}${protocol ? `, by ${protocol} with STARTTLS` : ''}.`;
}

interface Issue {
  path?: PropertyKey[];
  message: string;
}

/** The engine's sentences, each at the form's field. */
function fieldErrors(error: unknown): Partial<Record<keyof FormValues, string>> {
  const data: unknown = error instanceof ORPCError ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return {};
  return Object.fromEntries(
    (data.issues as Issue[]).map(({ path = [], message }) => [fieldFor(path), message]),
  );
}
