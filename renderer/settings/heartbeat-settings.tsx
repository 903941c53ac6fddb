import { Button, Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Heartbeat } from '../../shared/schema/heartbeat.ts';
import { count } from '../../shared/text/words.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { isDesktop } from '../lib/api.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

/** As many as the settings take. */
const maxHeartbeats = 5;

/** Addresses that are called while NotAfter is well, so that another service notices when it is not. */
export function HeartbeatSettings({ settings, errors, onSave }: SettingsPartProps) {
  const { heartbeats } = settings;
  /** The heartbeat in the dialog; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<Heartbeat | null | undefined>(undefined);
  const index = edited ? heartbeats.indexOf(edited) : heartbeats.length;
  return (
    <section className={classes['part']} id="settings-heartbeats" aria-labelledby="settings-heartbeats-title">
      <h3 id="settings-heartbeats-title">Heartbeats</h3>
      <Text size="sm" className="dim" mb="xs">
        NotAfter calls these addresses while checks, storage and channels work. A service such as
        healthchecks.io or Uptime Kuma (push) alerts you when the calls stop.
        {isDesktop && ' While this computer sleeps no calls are made, which looks the same as a failure.'}
      </Text>
      <NamedList
        items={heartbeats.map((heartbeat) => ({
          name: heartbeat.name,
          words: describe(heartbeat),
          onEdit: () => setEdited(heartbeat),
          onRemove: () => void onSave({ heartbeats: heartbeats.filter((one) => one !== heartbeat) }),
        }))}
      />
      <Button variant="default" disabled={heartbeats.length >= maxHeartbeats} onClick={() => setEdited(null)}>
        Add heartbeat…
      </Button>
      {heartbeats.length >= maxHeartbeats && (
        <Text size="sm" className="dim">
          There are {maxHeartbeats} heartbeats at most. Remove one to add another.
        </Text>
      )}
      {edited !== undefined && (
        <HeartbeatDialog
          heartbeat={edited}
          errorOf={(field) => errorAt(errors, `heartbeats.${index}.${field}`)}
          failure={errorAt(errors, 'heartbeats') ?? null}
          onClose={() => setEdited(undefined)}
          onSave={async (heartbeat) => {
            const next = heartbeats.toSpliced(index, 1, heartbeat);
            if (await onSave({ heartbeats: next })) setEdited(undefined);
          }}
        />
      )}
    </section>
  );
}

interface HeartbeatDialogProps {
  heartbeat: Heartbeat | null;
  errorOf: (field: keyof Heartbeat) => string | undefined;
  failure: string | null;
  onClose: () => void;
  onSave: (heartbeat: Heartbeat) => Promise<void>;
}

function HeartbeatDialog({ heartbeat, errorOf, failure, onClose, onSave }: HeartbeatDialogProps) {
  const form = useForm({
    initialValues: {
      name: heartbeat?.name ?? '',
      url: heartbeat?.url ?? '',
      method: heartbeat?.method ?? 'GET',
      minutes: heartbeat?.minutes ?? 5,
      failUrl: heartbeat?.failUrl ?? '',
    },
  });
  const save = ({ name, url, method, minutes, failUrl }: typeof form.values) =>
    onSave({ name: name.trim(), url: url.trim(), method, minutes, failUrl: failUrl.trim() || null });
  const fields = ['name', 'url', 'method', 'minutes', 'failUrl'] as const;
  const wrong = fields.filter((field) => errorOf(field) !== undefined).length;
  return (
    <FormDialog
      title={heartbeat ? `Edit heartbeat ${heartbeat.name}` : 'Add heartbeat'}
      isDirty={form.isDirty()}
      saveLabel="Save"
      failure={wrong > 0 ? null : failure}
      errors={wrong}
      onSave={() => void save(form.values)}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} error={errorOf('name')} />
      <TextInput
        label="Address"
        placeholder="https://hc-ping.com/…"
        description="Treat this URL as a secret. It is never logged. Leave *** to keep the saved part."
        spellCheck={false}
        {...form.getInputProps('url')}
        error={errorOf('url')}
      />
      <Group grow align="flex-start">
        <Select
          label="Method"
          data={['GET', 'HEAD', 'POST']}
          allowDeselect={false}
          {...form.getInputProps('method')}
          error={errorOf('method')}
        />
        <NumberInput
          label="Call every (minutes)"
          min={1}
          max={1440}
          {...form.getInputProps('minutes')}
          error={errorOf('minutes')}
        />
      </Group>
      <TextInput
        label="Failure address (optional)"
        placeholder="https://hc-ping.com/…/fail"
        description="NotAfter posts the reason there when checks are late, storage fails or a channel has failed for an hour. Without it, the calls stop."
        spellCheck={false}
        {...form.getInputProps('failUrl')}
        error={errorOf('failUrl')}
      />
    </FormDialog>
  );
}

function describe({ url, method, minutes, failUrl }: Heartbeat): string {
  const parts = [
    URL.canParse(url) ? new URL(url).host : '',
    method === 'GET' ? '' : method,
    `every ${minutes === 1 ? 'minute' : count(minutes, 'minute')}`,
    failUrl === null ? '' : 'reports failures',
  ];
  return parts.filter(Boolean).join(', ');
}
