import { Button, Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useState } from 'react';
import type { Delivery, Webhook } from '../../shared/schema/webhook.ts';
import { count } from '../../shared/text/words.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { useApi, useReconnected } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

const formats = [
  { value: 'json', label: 'JSON' },
  { value: 'slack', label: 'Slack and compatible' },
  { value: 'teams', label: 'Microsoft Teams' },
];
const severities = [
  { value: 'info', label: 'All alerts' },
  { value: 'warning', label: 'Warnings and critical alerts' },
  { value: 'critical', label: 'Critical alerts only' },
];

/** Webhooks, and alerts that could not be delivered to them. */
export function HookSettings({ settings, errors, onSave }: SettingsPartProps) {
  const api = useApi();
  const { webhooks } = settings;
  /** The webhook in the dialog; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<Webhook | null | undefined>(undefined);
  const test = async ({ name }: Webhook) => {
    const { delivered, message } = await api.hooks.test({ name });
    notifications.show(
      delivered
        ? { message: `Delivered to ${name}.` }
        : { color: 'red', title: `Could not deliver to ${name}`, message },
    );
  };
  return (
    <section className={classes['part']} id="settings-webhooks" aria-labelledby="settings-webhooks-title">
      <h3 id="settings-webhooks-title">Webhooks</h3>
      <Text size="sm" className="dim" mb="xs">
        NotAfter posts alerts to these addresses, and nothing else.
      </Text>
      <NamedList
        items={webhooks.map((hook) => ({
          name: hook.name,
          words: describe(hook),
          onTry: () => void reportFailure(test(hook), `Could not test ${hook.name}`),
          onEdit: () => setEdited(hook),
          onRemove: () => void onSave({ webhooks: webhooks.filter(({ name }) => name !== hook.name) }),
        }))}
      />
      <Button variant="default" onClick={() => setEdited(null)}>
        Add webhook…
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
      grouped: hook?.grouped ?? true,
      enabled: hook?.enabled ?? true,
    },
  });
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
    <FormDialog
      title={hook ? `Edit webhook ${hook.name}` : 'Add webhook'}
      size="lg"
      isDirty={form.isDirty()}
      saveLabel="Save"
      failure={error ?? null}
      onSave={() => void save(form.values)}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label="Address"
        placeholder="https://"
        description="Treat this URL as a secret. It is never logged. Leave *** to keep the saved part."
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <Select label="Format" data={formats} allowDeselect={false} {...form.getInputProps('format')} />
      <Select label="Alerts" data={severities} allowDeselect={false} {...form.getInputProps('severity')} />
      <TextInput
        label="Only hosts with these tags (separated by commas)"
        placeholder="All hosts"
        {...form.getInputProps('tags')}
      />
      <TextInput
        label="CA file"
        description="PEM file with a CA to trust for this address, in addition to the usual roots"
        spellCheck={false}
        {...form.getInputProps('caFile')}
      />
      <Switch
        label="Group alerts that share a cause"
        description="Turn this off for incident tools, which get each alert at once."
        {...form.getInputProps('grouped', { type: 'checkbox' })}
      />
      <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
    </FormDialog>
  );
}

/** Lists deliveries that were given up, to retry or discard them. */
function FailedDeliveries() {
  const api = useApi();
  const [failed, setFailed] = useState<{ items: Delivery[]; total: number } | null>(null);
  const refresh = useCallback(() => {
    // What cannot be read is shown as it was. The banner reports a lost connection.
    api.hooks.deliveries({ state: 'failed', limit: 5 }).then(setFailed, () => undefined);
  }, [api]);
  useEffect(refresh, [refresh]);
  useReconnected(refresh);
  if (!failed || failed.total === 0) return null;
  const then = async (work: Promise<unknown>, failure: string) => {
    if (await reportFailure(work, failure)) refresh();
  };
  return (
    <section aria-label="Failed deliveries">
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
          <li className="dim">and {failed.total - failed.items.length} older</li>
        )}
      </ul>
      <Group gap="xs">
        <Button variant="default" onClick={() => void then(api.hooks.retry({}), 'Could not retry')}>
          Retry
        </Button>
        <Button variant="default" onClick={() => void then(api.hooks.discard({}), 'Could not discard')}>
          Discard
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
    ...(severity === 'info' ? [] : [severity === 'warning' ? 'warning and critical' : 'critical only']),
    ...(tags.length > 0 ? [`for ${tags.join(', ')}`] : []),
  ];
  return parts.filter(Boolean).join(', ');
}
