import { Button, Select, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Channel } from '../../shared/schema/channels/channel.ts';
import {
  type ChannelType,
  channelTypeNames,
  channelTypes,
  recognizeChannel,
} from '../../shared/schema/channels/types.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { FailedDeliveries } from './failed-deliveries.tsx';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import type { SettingsPartProps } from './settings-errors.ts';

/** A channel in the dialog: the one that is edited, or the type and first values of a new one. */
interface Opened {
  type: ChannelType;
  channel: Channel | null;
  values: Record<string, unknown>;
}

const types = channelTypeNames.map((type) => ({ value: type, label: channelTypes[type].title }));

/** Channels: mail, chats, incident tools. */
export function ChannelSettings({ settings, errors, onSave }: SettingsPartProps) {
  const api = useApi();
  const { channels } = settings;
  const [opened, setOpened] = useState<Opened | null>(null);
  const [pasted, setPasted] = useState('');
  const test = async ({ name }: Channel) => {
    const { delivered, message } = await api.channels.test({ name });
    notifications.show(
      delivered
        ? { message: `Delivered to ${name}.` }
        : { color: 'red', title: `Could not deliver to ${name}`, message },
    );
  };
  const addPasted = () => {
    const found = recognizeChannel(pasted);
    if (found) setOpened({ type: found.type, channel: null, values: found.values });
  };
  const index = opened?.channel ? channels.indexOf(opened.channel) : channels.length;
  return (
    <section className={classes['part']} id="settings-channels" aria-labelledby="settings-channels-title">
      <h3 id="settings-channels-title">Channels</h3>
      <Text size="sm" className="dim" mb="xs">
        Email, chats, incident tools and webhooks that get your alerts.
      </Text>
      <NamedList
        items={channels.map((channel) => ({
          name: channel.name,
          words: describe(channel),
          onTry: () => void reportFailure(test(channel), `Could not test ${channel.name}`),
          onEdit: () => setOpened({ type: channel.type, channel, values: channel }),
          onRemove: () => void onSave({ channels: channels.filter(({ name }) => name !== channel.name) }),
        }))}
      />
      <Select
        label="Add channel"
        placeholder="Email, Slack, PagerDuty…"
        description="Choose what kind of channel to add."
        data={types}
        searchable
        value={null}
        onChange={(type) => {
          const known = channelTypeNames.find((name) => name === type);
          if (known) setOpened({ type: known, channel: null, values: {} });
        }}
      />
      <TextInput
        mt="sm"
        label="Or paste its address"
        placeholder="https://"
        description="NotAfter recognizes addresses of Slack, Discord, Teams, Mattermost and ntfy."
        spellCheck={false}
        value={pasted}
        onChange={(event) => setPasted(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') addPasted();
        }}
        rightSectionWidth={76}
        rightSection={
          <Button
            variant="default"
            size="compact-sm"
            disabled={!recognizeChannel(pasted)}
            onClick={addPasted}
          >
            Add
          </Button>
        }
      />
      <FailedDeliveries />
      {opened && (
        <ChannelDialog
          {...opened}
          errors={errors}
          index={index}
          onClose={() => setOpened(null)}
          onSave={async (channel) => {
            const next = [...channels.slice(0, index), channel, ...channels.slice(index + 1)];
            if (!(await onSave({ channels: next }))) return;
            setOpened(null);
            setPasted('');
          }}
        />
      )}
    </section>
  );
}

function describe({ type, enabled, severity, tags }: Channel): string {
  const parts = [
    channelTypes[type].title,
    ...(enabled ? [] : ['off']),
    ...(severity === 'info' ? [] : [severity === 'warning' ? 'warning and critical' : 'critical only']),
    ...(tags.length > 0 ? [`for ${tags.join(', ')}`] : []),
  ];
  return parts.join(', ');
}
