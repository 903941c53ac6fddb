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
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { JobInput, JobView } from '../../../shared/schema/job.ts';
import { describeSchedule, nextTimes } from '../../../shared/schema/schedule.ts';
import { formatTarget, isFileTarget, parseTarget, targetKey } from '../../../shared/schema/target.ts';
import { capitalise, count } from '../../../shared/text/words.ts';
import { useApi } from '../../lib/api-context.tsx';
import { shortTime } from '../../lib/dates.ts';
import { issuesOf } from '../../lib/issues.ts';
import { sentenceOf } from '../../lib/report-failure.ts';
import { useKeepPage } from '../../lib/use-keep-page.ts';
import { useNow } from '../../lib/use-now.ts';
import { showJob } from '../../lib/use-route.ts';
import { useTry } from '../list/try-it.tsx';
import { hasManyLines, readAddressLines } from './address-lines.ts';
import {
  chosenStarttls,
  emptyForm,
  type Field,
  type FieldErrors,
  type FormValues,
  fieldFor,
  formOf,
  jobOf,
  scheduleChoices,
  scheduleOf,
  thresholdsOf,
} from './form-values.ts';
import { LineList } from './line-list.tsx';
import { MoreFields } from './more-fields.tsx';

interface JobFormProps {
  /** The job to edit; null to add one. */
  job: JobView | null;
  /** Existing jobs, to find duplicates. */
  jobs: readonly JobView[];
  /** An address to start with, which is tested at once; null: none. */
  example?: string | null;
  onClose: () => void;
}

/** Adds hosts or edits one. Only the address is required; the rest is folded away. */
export function JobForm({ job, jobs, example = null, onClose }: JobFormProps) {
  const api = useApi();
  const form = useForm<FormValues>({
    initialValues: job ? formOf(job) : { ...emptyForm, address: example ?? '' },
  });
  useKeepPage(form.isDirty());
  // As it was when the fields were filled in: what somebody else changes meanwhile is not written over.
  const [revision] = useState(job?.revision);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [showsMore, setShowsMore] = useState(false);

  const isMany = job === null && hasManyLines(form.values.address);
  const known = useMemo(() => new Set(jobs.map(({ target }) => targetKey(target))), [jobs]);
  const lines = useMemo(
    () => (isMany ? readAddressLines(form.values.address, known) : []),
    [isMany, form.values.address, known],
  );
  const fresh = lines.filter((line) => line.kind === 'new');

  const showErrors = (errors: FieldErrors): void => {
    form.setErrors(errors);
    const isFolded = (field: string) => !alwaysShown.some((shown) => shown === field);
    if (Object.keys(errors).some(isFolded)) setShowsMore(true);
  };
  /** Whether the refusal was shown at a field. */
  const showRefusal = (error: unknown): boolean => {
    const errors = fieldErrors(error);
    showErrors(errors);
    return Object.keys(errors).length > 0;
  };
  const readForm = (): JobInput | null => {
    const read = jobOf(form.values, job?.alerts);
    if (read.ok) return read.job;
    showErrors(read.errors);
    return null;
  };
  const trial = useTry({ read: readForm, onRefused: showRefusal });
  const tryAtOnce = useEffectEvent(() => void trial.run());
  useEffect(() => {
    if (example !== null) tryAtOnce();
  }, [example]);

  const saveMany = async (values: FormValues) => {
    const read = fresh.map(({ text }) => jobOf({ ...values, address: text, name: '' }));
    // Lines that are no address are not among the fresh ones: what cannot be read is the same for all.
    const unread = read.find((one) => !one.ok);
    if (unread && !unread.ok) {
      showErrors(unread.errors);
      return;
    }
    const inputs = read.flatMap((one) => (one.ok ? [one.job] : []));
    const { added } = await api.jobs.import({ body: { jobs: inputs } });
    notifications.show({ message: `${count(added, 'host')} added. The first checks are running.` });
    onClose();
  };
  const saveOne = async () => {
    const input = readForm();
    if (!input) return;
    const saved = job ? await api.jobs.edit({ id: job.id, revision, ...input }) : await api.jobs.add(input);
    showJob(saved.id);
    onClose();
  };
  const save = async (values: FormValues) => {
    setSaving(true);
    setFailure(null);
    try {
      await (isMany ? saveMany(values) : saveOne());
    } catch (error) {
      if (!showRefusal(error)) setFailure(sentenceOf(error));
    } finally {
      setSaving(false);
    }
  };

  return (
    <Modal opened onClose={onClose} size="lg" title={titleOf(job, isMany)}>
      <form onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        <Stack gap="sm">
          <Textarea
            label="Address"
            placeholder={
              job === null
                ? 'example.com, mail.example.com:587, a URL or a certificate file; one per line'
                : 'example.com, mail.example.com:587, a URL or a certificate file'
            }
            data-autofocus
            autosize
            minRows={1}
            maxRows={8}
            autoComplete="off"
            spellCheck={false}
            description={isMany ? undefined : understood(form.values)}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            onKeyDown={(event) => {
              // One address is one line, which Enter saves; pasted lines are edited as text is.
              if (event.key !== 'Enter' || event.shiftKey || isMany) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
            {...form.getInputProps('address')}
            onChange={(event) => {
              trial.forget();
              form.setFieldValue('address', event.currentTarget.value);
            }}
          />
          {isMany && <LineList lines={lines} />}
          {trial.shown}
          <Group grow align="flex-start">
            <Select
              label="Check schedule"
              data={scheduleChoices}
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
              <TextInput label="Cron expression" spellCheck={false} {...form.getInputProps('pattern')} />
            )}
          </Group>
          {form.values.scheduleType === 'cron' && (
            <TextInput
              label="Time zone"
              placeholder="Time zone of this computer"
              spellCheck={false}
              {...form.getInputProps('timezone')}
            />
          )}
          <NextTimes values={form.values} job={job} />
          <TagsInput label="Tags" placeholder="Type a tag and press Enter" {...form.getInputProps('tags')} />
          <UnstyledButton
            c="var(--accent)"
            fz="sm"
            aria-expanded={showsMore}
            onClick={() => setShowsMore(!showsMore)}
            style={{ alignSelf: 'flex-start' }}
          >
            {showsMore ? '▾' : '▸'} More: name, STARTTLS, thresholds, alerts, CA files, connection, notes
          </UnstyledButton>
          <Collapse expanded={showsMore}>
            <MoreFields form={form} isMany={isMany} />
          </Collapse>
          {failure && (
            <Text role="alert" size="sm" c="var(--critical)">
              {failure}
            </Text>
          )}
          <Group justify="flex-end" mt="xs">
            {!isMany && trial.button}
            <Button variant="default" size="sm" onClick={onClose} ml="auto">
              Cancel
            </Button>
            <Button type="submit" size="sm" loading={isSaving} disabled={isMany && fresh.length === 0}>
              {job ? 'Save' : `Add${isMany ? ` ${fresh.length.toLocaleString('en')}` : ''}`}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Describes the schedule and its next times while it is edited. */
function NextTimes({ values, job }: { values: FormValues; job: JobView | null }) {
  const now = useNow();
  const schedule = scheduleOf(values);
  const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
  const last = job?.lastCheck;
  const outlook = {
    validFrom: time(last?.validFrom),
    validTo: time(last?.expiresAt),
    renewalAt: time(last?.expectedRenewalAt),
  };
  const times = nextTimes(schedule, now, 5, outlook, thresholdsOf(values));
  if (times.length === 0) return null;
  return (
    <Text size="xs" className="dim" role="status">
      {capitalise(describeSchedule(schedule))}. Next checks: {times.map((at) => shortTime(at)).join(' · ')}
    </Text>
  );
}

const alwaysShown: Field[] = ['address', 'scheduleType', 'minutes', 'pattern', 'timezone', 'tags'];

/** Describes how the address is understood while it is typed. */
function understood({ address, starttls }: FormValues): string | undefined {
  if (address.trim() === '') return undefined;
  const parsed = parseTarget(address);
  if (!parsed.ok) return undefined;
  if (isFileTarget(parsed.target)) return 'Will read this certificate file';
  const { host, port, starttls: usual } = parsed.target;
  const protocol = chosenStarttls(starttls, usual);
  return `Will connect to ${formatTarget({ host, port, servername: null, starttls: null })}${port === 443 ? ':443' : ''}${protocol ? `, ${protocol.toUpperCase()} with STARTTLS` : ''}`;
}

/** Returns the engine's errors by field of the form. */
function fieldErrors(error: unknown): FieldErrors {
  return Object.fromEntries(issuesOf(error).map(({ path = [], message }) => [fieldFor(path), message]));
}

function titleOf(job: JobView | null, isMany: boolean): string {
  if (job) return `Edit ${jobName(job)}`;
  return isMany ? 'Add hosts' : 'Add host';
}
