import { Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useState } from 'react';
import type { Delivery, Webhook } from '../../shared/schema/webhook.ts';
import { count } from '../../shared/text/words.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { useKeepPage } from '../lib/use-keep-page.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

const formats = [
  { value: 'json', label: 'JSON, for programs' },
  { value: 'slack', label: 'Text for Slack and its like' },
  { value: 'teams', label: 'Text for Microsoft Teams' },
];
const severities = [
  { value: 'info', label: 'Everything that is said' },
  { value: 'warning', label: 'Warnings and critical alerts' },
  { value: 'critical', label: 'Critical alerts only' },
];

/** Where alerts are sent beside the notifications, and what could not be delivered there. */
export function HookSettings({ settings, errors, onSave }: SettingsPartProps) {
  const api = useApi();
  const { webhooks } = settings;
  /** The webhook that is edited; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<Webhook | null | undefined>(undefined);
  const test = async ({ name }: Webhook) => {
    const { delivered, message } = await api.hooks.test({ name });
    notifications.show(
      delivered ? { message: `${name} was told.` } : { color: 'red', title: `${name} was not told`, message },
    );
  };
  return (
    <section className={classes['part']} aria-labelledby="settings-hooks">
      <h3 id="settings-hooks">Webhooks</h3>
      <Text size="sm" className="dim" mb="xs">
        Alerts are posted there, too. Nothing else is sent.
      </Text>
      <NamedList
        items={webhooks.map((hook) => ({
          name: hook.name,
          words: describe(hook),
          onTry: () => void reportFailure(test(hook), `${hook.name} could not be tried`),
          onEdit: () => setEdited(hook),
          onRemove: () => void onSave({ webhooks: webhooks.filter(({ name }) => name !== hook.name) }),
        }))}
      />
      <Button variant="default" onClick={() => setEdited(null)}>
        Add a webhook…
      </Button>
      <FailedDeliveries />
      {edited !== undefined && (
        <HookDialog
          hook={edited}
          error={errorAt(errors, 'webhooks')}
          onClose={() => setEdited(undefined)}
          onSave={async (hook) => {
            const others = webhooks.filter(({ name }) => name !== edited?.name);
            if (await onSave({ webhooks: [...others, hook] })) setEdited(undefined);
          }}
        />
      )}
    </section>
  );
}

interface HookDialogProps {
  hook: Webhook | null;
  error: string | undefined;
  onClose: () => void;
  onSave: (hook: Webhook) => Promise<void>;
}

function HookDialog({ hook, error, onClose, onSave }: HookDialogProps) {
  const form = useForm({
    initialValues: {
      name: hook?.name ?? '',
      url: hook?.url ?? '',
      format: hook?.format ?? 'json',
      severity: hook?.severity ?? 'info',
      tags: hook?.tags.join(', ') ?? '',
      caFile: hook?.caFile ?? '',
      enabled: hook?.enabled ?? true,
    },
  });
  useKeepPage(form.isDirty());
  const save = (values: typeof form.values) =>
    onSave({
      ...values,
      name: values.name.trim(),
      url: values.url.trim(),
      tags: values.tags
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
      caFile: values.caFile.trim() || null,
    });
  return (
    <Modal opened onClose={onClose} size="lg" title={hook ? `Webhook ${hook.name}` : 'A webhook'}>
      <form onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        <Stack gap="sm">
          <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
          <TextInput
            label="Address"
            placeholder="https://"
            description="Whoever knows it can often post there; NotAfter writes it to no log."
            spellCheck={false}
            {...form.getInputProps('url')}
          />
          <Select
            label="What is sent"
            data={formats}
            allowDeselect={false}
            {...form.getInputProps('format')}
          />
          <Select
            label="Which alerts"
            data={severities}
            allowDeselect={false}
            {...form.getInputProps('severity')}
          />
          <TextInput label="Only jobs with a tag of" placeholder="all jobs" {...form.getInputProps('tags')} />
          <TextInput
            label="CA file"
            description="Path of a PEM file to trust for this address beside the usual roots"
            spellCheck={false}
            {...form.getInputProps('caFile')}
          />
          <Switch label="Alerts are sent there" {...form.getInputProps('enabled', { type: 'checkbox' })} />
          {error && (
            <Text role="alert" size="sm" c="red">
              {error}
            </Text>
          )}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" size="sm" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="sm">
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What was given up, to be tried again or forgotten. */
function FailedDeliveries() {
  const api = useApi();
  const [failed, setFailed] = useState<{ items: Delivery[]; total: number } | null>(null);
  const refresh = useCallback(() => {
    api.hooks.deliveries({ state: 'failed', limit: 5 }).then(setFailed, () => setFailed(null));
  }, [api]);
  useEffect(refresh, [refresh]);
  if (!failed || failed.total === 0) return null;
  const then = async (work: Promise<unknown>, failure: string) => {
    if (await reportFailure(work, failure)) refresh();
  };
  return (
    <section aria-label="What could not be delivered">
      <Text size="sm" mt="md">
        {count(failed.total, 'alert')} could not be delivered:
      </Text>
      <ul className={classes['named']}>
        {failed.items.map(({ id, hook, title, error }) => (
          <li key={id}>
            <span>
              <b>{hook}</b> {title} <span className="dim">{error}</span>
            </span>
          </li>
        ))}
        {failed.total > failed.items.length && (
          <li className="dim">and {failed.total - failed.items.length} before them</li>
        )}
      </ul>
      <Group gap="xs">
        <Button variant="default" onClick={() => void then(api.hooks.retry({}), 'They could not be tried')}>
          Try them again
        </Button>
        <Button
          variant="default"
          onClick={() => void then(api.hooks.discard({}), 'They could not be forgotten')}
        >
          Forget them
        </Button>
      </Group>
    </section>
  );
}

function describe({ format, severity, tags, enabled, url }: Webhook): string {
  const parts = [
    ...(enabled ? [] : ['off']),
    URL.canParse(url) ? new URL(url).host : '',
    format,
    ...(severity === 'info' ? [] : [severity === 'warning' ? 'from warnings on' : 'critical only']),
    ...(tags.length > 0 ? [`for ${tags.join(', ')}`] : []),
  ];
  return parts.filter(Boolean).join(', ');
}
