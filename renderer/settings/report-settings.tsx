import { Button, Checkbox, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { channelTypes } from '../../shared/schema/channels/types.ts';
import { describeSchedule } from '../../shared/schema/describe-schedule.ts';
import { personalZone } from '../../shared/schema/maintenance-text.ts';
import type { ReportSchedule } from '../../shared/schema/report-schedule.ts';
import { list } from '../../shared/text/words.ts';
import { BrowseButton } from '../components/browse-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { isDesktop } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

/** As many as the settings take. */
const maxReports = 10;

/** Reports that are sent regularly. */
export function ReportSettings({ settings, errors, onSave }: SettingsPartProps) {
  const api = useApi();
  const { reports } = settings;
  /** The report in the dialog; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<ReportSchedule | null | undefined>(undefined);
  const index = edited ? reports.indexOf(edited) : reports.length;
  const send = async (name: string) => {
    const { channels, file, problem } = await api.reports.send({ name });
    const places = [...channels, ...(file === null ? [] : [file])];
    notifications.show(
      problem === null
        ? { message: `Sent ${name} to ${list(places)}.` }
        : { color: 'red', title: `Could not send all of ${name}`, message: problem },
    );
  };
  const people = settings.channels
    .filter(({ type }) => ['chat', 'program'].includes(channelTypes[type].kind))
    .map(({ name }) => name);
  return (
    <section className={classes['part']} id="settings-reports" aria-labelledby="settings-reports-title">
      <h3 id="settings-reports-title">Reports</h3>
      <Text size="sm" className="dim" mb="xs">
        A regular summary of what expires and what needs attention, by email, in a chat or as a file.
      </Text>
      <NamedList
        tryLabel="Send now"
        items={reports.map((report) => ({
          name: report.name,
          words: describe(report),
          onTry: () => void reportFailure(send(report.name), `Could not send ${report.name}`),
          onEdit: () => setEdited(report),
          onRemove: () => void onSave({ reports: reports.filter((one) => one !== report) }),
        }))}
      />
      <Button variant="default" disabled={reports.length >= maxReports} onClick={() => setEdited(null)}>
        Add report…
      </Button>
      {edited !== undefined && (
        <ReportDialog
          report={edited}
          channels={people}
          errorOf={(field) => errorAt(errors, `reports.${index}.${field}`)}
          failure={errorAt(errors, 'reports') ?? null}
          onClose={() => setEdited(undefined)}
          onSave={async (report) => {
            if (await onSave({ reports: reports.toSpliced(index, 1, report) })) setEdited(undefined);
          }}
        />
      )}
    </section>
  );
}

interface ReportDialogProps {
  report: ReportSchedule | null;
  /** Names of the channels that take reports. */
  channels: readonly string[];
  errorOf: (field: keyof ReportSchedule) => string | undefined;
  failure: string | null;
  onClose: () => void;
  onSave: (report: ReportSchedule) => Promise<void>;
}

const formats = [
  { value: 'html', label: 'HTML' },
  { value: 'text', label: 'Text' },
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
];
/** Only the desktop app prints. What is chosen stays in sight. */
const formatsFor = (chosen: string) =>
  isDesktop || chosen === 'pdf' ? [...formats, { value: 'pdf', label: 'PDF' }] : formats;

function ReportDialog({ report, channels, errorOf, failure, onClose, onSave }: ReportDialogProps) {
  const form = useForm({
    initialValues: {
      name: report?.name ?? '',
      pattern: report?.pattern ?? '0 8 * * 1',
      timezone: report ? (report.timezone ?? '') : personalZone(),
      days: report?.days ?? 90,
      tag: report?.tag ?? '',
      channels: report?.channels ?? [],
      folder: report?.folder ?? '',
      format: report?.format ?? 'html',
      sendEmpty: report?.sendEmpty ?? true,
      enabled: report?.enabled ?? true,
    },
  });
  const save = ({ name, pattern, timezone, tag, folder, ...others }: typeof form.values) =>
    onSave({
      ...others,
      name: name.trim(),
      pattern: pattern.trim(),
      timezone: timezone.trim() || null,
      tag: tag.trim() || null,
      folder: folder.trim() || null,
    });
  const fields = ['name', 'pattern', 'timezone', 'days', 'tag', 'channels', 'folder', 'format'] as const;
  const wrong = fields.filter((field) => errorOf(field) !== undefined).length;
  // A channel that is gone stays in sight until it is taken out.
  const all = [...new Set([...channels, ...form.values.channels])];
  return (
    <FormDialog
      title={report ? `Edit report ${report.name}` : 'Add report'}
      isDirty={form.isDirty()}
      saveLabel="Save"
      failure={wrong > 0 ? null : failure}
      errors={wrong}
      onSave={() => void save(form.values)}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} error={errorOf('name')} />
      <Group grow align="flex-start">
        <TextInput
          label="When (cron pattern)"
          description={describeSchedule({ type: 'cron', pattern: form.values.pattern })}
          spellCheck={false}
          {...form.getInputProps('pattern')}
          error={errorOf('pattern')}
        />
        <TextInput
          label="Time zone"
          description="Empty: the zone of this machine"
          spellCheck={false}
          {...form.getInputProps('timezone')}
          error={errorOf('timezone')}
        />
      </Group>
      <Checkbox.Group
        label="Send to"
        description={all.length === 0 ? 'Add a channel first, or choose a folder below.' : undefined}
        {...form.getInputProps('channels')}
        error={errorOf('channels')}
      >
        <Group gap="md" mt="xs">
          {all.map((name) => (
            <Checkbox key={name} value={name} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group grow align="flex-start">
        <Stack gap={4}>
          <TextInput
            label="Folder (optional)"
            description="Full path of a folder on the computer that NotAfter runs on"
            spellCheck={false}
            {...form.getInputProps('folder')}
            error={errorOf('folder')}
          />
          <BrowseButton
            what="folder"
            purpose="for the report"
            onChosen={([chosen = '']) => form.setFieldValue('folder', chosen)}
          />
        </Stack>
        <Select
          label="Format of the file"
          description="Email always has HTML, text and CSV"
          data={formatsFor(form.values.format)}
          allowDeselect={false}
          {...form.getInputProps('format')}
          error={errorOf('format')}
        />
      </Group>
      <Group grow align="flex-start">
        <NumberInput label="Look ahead (days)" {...form.getInputProps('days')} error={errorOf('days')} />
        <TextInput
          label="Only hosts with this tag"
          placeholder="All hosts"
          {...form.getInputProps('tag')}
          error={errorOf('tag')}
        />
      </Group>
      <Switch
        label="Send also when nothing expires"
        {...form.getInputProps('sendEmpty', { type: 'checkbox' })}
      />
      <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
    </FormDialog>
  );
}

function describe({ pattern, timezone, channels, folder, enabled }: ReportSchedule): string {
  const when = describeSchedule({ type: 'cron', pattern, ...(timezone === null ? {} : { timezone }) });
  const places = [...channels, ...(folder === null ? [] : [folder])];
  return [...(enabled ? [] : ['off']), when, `to ${list(places)}`].join(', ');
}
