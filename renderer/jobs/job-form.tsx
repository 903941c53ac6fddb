import {
  Button,
  Checkbox,
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
import { ORPCError } from '@orpc/client';
import { useState } from 'react';
import { jobName } from '../../shared/headline.ts';
import type { JobView } from '../../shared/job.ts';
import { describeSchedule, nextTimes } from '../../shared/schedule.ts';
import { isFileTarget, parseTarget, starttlsProtocols } from '../../shared/target.ts';
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
} from './form-values.ts';

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

const starttlsChoices = [
  { value: 'auto', label: 'What is usual on the port' },
  { value: 'none', label: 'None: TLS from the first byte' },
  ...starttlsProtocols.map((protocol) => ({ value: protocol, label: protocol })),
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
          <NextTimes values={form.values} />
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
function NextTimes({ values }: { values: FormValues }) {
  const now = useNow();
  const schedule = scheduleOf(values);
  const times = nextTimes(schedule, now, 5);
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

function MoreFields({ form }: { form: ReturnType<typeof useForm<FormValues>> }) {
  return (
    <Stack gap="sm">
      <TextInput label="Name" placeholder="The address" {...form.getInputProps('name')} />
      <Group grow align="flex-start">
        <Select
          label="STARTTLS"
          data={starttlsChoices}
          allowDeselect={false}
          searchable
          {...form.getInputProps('starttls')}
        />
        <TextInput
          label="Server name"
          placeholder="The host"
          spellCheck={false}
          {...form.getInputProps('servername')}
        />
      </Group>
      <Group grow align="flex-start">
        <NumberInput
          label="Warn below, days"
          placeholder="A third of the lifetime, at most 30"
          min={0}
          {...form.getInputProps('warningDays')}
        />
        <NumberInput
          label="Critical below, days"
          placeholder="A tenth, at most 7"
          min={0}
          {...form.getInputProps('criticalDays')}
        />
      </Group>
      <Textarea
        label="CA files"
        description="Paths of PEM files to trust beside the usual roots, one a line"
        autosize
        minRows={1}
        spellCheck={false}
        {...form.getInputProps('caFiles')}
      />
      <ConnectionFields form={form} />
      <Textarea label="Notes" autosize minRows={2} {...form.getInputProps('notes')} />
    </Stack>
  );
}

function ConnectionFields({ form }: { form: ReturnType<typeof useForm<FormValues>> }) {
  if (parsesAsFile(form.values.address)) {
    return (
      <TextInput
        label="Passphrase file"
        description="For a PKCS#12 file: path of a file whose first line is its passphrase"
        spellCheck={false}
        {...form.getInputProps('passphraseFile')}
      />
    );
  }
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="IP address"
          placeholder="What the name resolves to"
          spellCheck={false}
          {...form.getInputProps('ipAddress')}
        />
        <Select label="Addresses" data={families} allowDeselect={false} {...form.getInputProps('family')} />
      </Group>
      <Checkbox
        label="Check every address of the name, and show the worst"
        {...form.getInputProps('allAddresses', { type: 'checkbox' })}
      />
      <TextInput
        label="Proxy"
        placeholder="That of the settings; or none, http://host:port, socks5://host:port"
        spellCheck={false}
        {...form.getInputProps('proxy')}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Client certificate"
          placeholder="Path of a PEM file"
          spellCheck={false}
          {...form.getInputProps('certFile')}
        />
        <TextInput
          label="Client key"
          placeholder="Path of a PEM file"
          spellCheck={false}
          {...form.getInputProps('keyFile')}
        />
        <TextInput
          label="Its passphrase file"
          placeholder="None"
          spellCheck={false}
          {...form.getInputProps('keyPassphraseFile')}
        />
      </Group>
    </>
  );
}

const families = [
  { value: 'any', label: 'IPv4 and IPv6' },
  { value: 'ipv4', label: 'IPv4 alone' },
  { value: 'ipv6', label: 'IPv6 alone' },
];

function parsesAsFile(address: string): boolean {
  const parsed = parseTarget(address);
  return parsed.ok && isFileTarget(parsed.target);
}

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
