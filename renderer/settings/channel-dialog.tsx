import { PasswordInput, Select, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Channel, fieldsOf } from '../../shared/schema/channels/channel.ts';
import type { ChannelField } from '../../shared/schema/channels/fields.ts';
import { type ChannelType, channelTypes } from '../../shared/schema/channels/types.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { type ChannelDraft, channelOf, draftOf, keptSecret } from './channel-form.ts';
import { ChannelPreview } from './channel-preview.tsx';
import { errorAt, type SettingsErrors } from './settings-errors.ts';

const severities = [
  { value: 'info', label: 'All alerts' },
  { value: 'warning', label: 'Warnings and critical alerts' },
  { value: 'critical', label: 'Critical alerts only' },
];

interface ChannelDialogProps {
  type: ChannelType;
  /** The channel that is edited; null: a new one. */
  channel: Channel | null;
  values: Record<string, unknown>;
  errors: SettingsErrors;
  /** Its place among the channels, by which the engine names its errors. */
  index: number;
  onClose: () => void;
  onSave: (channel: Channel) => Promise<void>;
}

/** The form of a channel, with the fields that its type has. */
export function ChannelDialog({ type, channel, values, errors, index, onClose, onSave }: ChannelDialogProps) {
  const [first] = useState(() => draftOf(type, values));
  const [draft, setDraft] = useState(first);
  const [wasSaved, setSaved] = useState(false);
  const isDirty = Object.keys(draft).some((name) => draft[name] !== first[name]);
  const { title, about } = channelTypes[type];
  const errorOf = (name: string) => (wasSaved ? errorAt(errors, `channels.${index}.${name}`) : undefined);
  const set = (name: string) => (text: string) => setDraft((before) => ({ ...before, [name]: text }));
  const names = ['name', 'severity', 'tags', 'notTags', ...Object.keys(fieldsOf(type))];
  const shown = names.filter((name) => errorOf(name) !== undefined);
  return (
    <FormDialog
      title={channel ? `Edit ${channel.name}` : `Add ${title}`}
      size="lg"
      isDirty={isDirty}
      saveLabel="Save"
      errors={shown.length}
      failure={wasSaved && shown.length === 0 ? (errorAt(errors, 'channels') ?? null) : null}
      onSave={() => {
        setSaved(true);
        void onSave(channelOf(type, draft, channel));
      }}
      onClose={onClose}
    >
      <Text size="sm" className="dim">
        {about}.
      </Text>
      <TextInput
        label="Name"
        data-autofocus
        value={draft['name'] ?? ''}
        error={errorOf('name')}
        onChange={(event) => set('name')(event.currentTarget.value)}
      />
      {Object.entries(fieldsOf(type)).map(([name, field]) => (
        <FieldInput
          key={name}
          field={field}
          name={name}
          draft={draft}
          error={errorOf(name)}
          onChange={set(name)}
        />
      ))}
      <Select
        label="Alerts"
        data={severities}
        allowDeselect={false}
        value={draft['severity'] ?? 'info'}
        onChange={(value) => set('severity')(value ?? 'info')}
      />
      <TextInput
        label="Only hosts with these tags (separated by commas)"
        placeholder="All hosts"
        value={(draft['tags'] ?? '').replaceAll('\n', ', ')}
        error={errorOf('tags')}
        onChange={(event) => set('tags')(event.currentTarget.value)}
      />
      <TextInput
        label="No hosts with these tags (separated by commas)"
        value={(draft['notTags'] ?? '').replaceAll('\n', ', ')}
        error={errorOf('notTags')}
        onChange={(event) => set('notTags')(event.currentTarget.value)}
      />
      <ChannelPreview channelOf={() => channelOf(type, draft, channel)} />
    </FormDialog>
  );
}

interface FieldInputProps {
  field: ChannelField;
  name: string;
  draft: ChannelDraft;
  error: string | undefined;
  onChange: (text: string) => void;
}

function FieldInput({ field, name, draft, error, onChange }: FieldInputProps) {
  const { label, help, input, choices = [] } = field;
  const value = draft[name] ?? '';
  const common = { label, description: help, error };
  const onInput = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  switch (input) {
    case 'choice':
      return (
        <Select
          {...common}
          data={[...choices]}
          allowDeselect={false}
          value={value}
          onChange={(choice) => onChange(choice ?? value)}
        />
      );
    case 'secret':
      return value === keptSecret ? (
        <PasswordInput
          {...common}
          placeholder="Kept. Enter another to change it."
          value=""
          onChange={onInput}
        />
      ) : (
        <PasswordInput {...common} autoComplete="off" spellCheck={false} value={value} onChange={onInput} />
      );
    case 'list':
    case 'lines':
    case 'pairs':
    case 'area':
      return (
        <Textarea
          {...common}
          label={input === 'area' ? label : `${label} (one per line)`}
          placeholder={input === 'pairs' ? 'Name: value' : ''}
          autosize
          minRows={input === 'area' ? 3 : 1}
          maxRows={12}
          spellCheck={false}
          value={value}
          onChange={onInput}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          inputMode={input === 'number' ? 'numeric' : 'text'}
          spellCheck={false}
          value={value}
          onChange={onInput}
        />
      );
  }
}
