import { NumberInput, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import type { Api } from '../api.ts';
import { issuesOf } from '../components/issues.ts';
import { sentenceOf } from '../components/tell.ts';
import classes from '../components/view.module.css';

/** Settings, each in force as soon as the field is left. */
export function SettingsView({ api }: { api: Api }) {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [errors, setErrors] = useState<Partial<Record<keyof Settings, string>>>({});
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    api.settings.get().then(setSettings, (error: unknown) => setFailure(sentenceOf(error)));
  }, [api]);

  const save = async (patch: SettingsPatch) => {
    const [field] = Object.keys(patch) as (keyof Settings)[];
    if (!field) return;
    try {
      setSettings(await api.settings.edit(patch));
      setErrors((before) => ({ ...before, [field]: undefined }));
    } catch (error) {
      setErrors((before) => ({ ...before, [field]: issueOf(error) }));
    }
  };
  return (
    <main className={classes['view']}>
      <h2>Settings</h2>
      {failure && <p role="alert">{failure}</p>}
      {settings && <Fields settings={settings} errors={errors} onSave={(patch) => void save(patch)} />}
    </main>
  );
}

interface FieldsProps {
  settings: Settings;
  errors: Partial<Record<keyof Settings, string>>;
  onSave: (patch: SettingsPatch) => void;
}

function Fields({ settings, errors, onSave }: FieldsProps) {
  const number = (field: 'timeoutSeconds' | 'checksAtOnce' | 'checksPerHost' | 'retentionDays') => ({
    defaultValue: settings[field],
    error: errors[field],
    onBlur: (event: React.FocusEvent<HTMLInputElement>) => {
      const value = Number(event.currentTarget.value);
      if (value !== settings[field]) onSave({ [field]: value });
    },
  });
  return (
    <Stack maw={440}>
      <Switch
        label="Show alerts as notifications of the desktop"
        checked={settings.notifications}
        onChange={(event) => onSave({ notifications: event.currentTarget.checked })}
      />
      <Switch
        label="Ask the CA whether a certificate was revoked"
        description="By OCSP or its list. The CA learns which certificates you watch; stapled answers are read in any case."
        checked={settings.fetchRevocation}
        onChange={(event) => onSave({ fetchRevocation: event.currentTarget.checked })}
      />
      <Textarea
        label="CA files"
        description="Paths of PEM files that every job trusts beside the usual roots, one a line"
        autosize
        minRows={2}
        spellCheck={false}
        defaultValue={settings.caFiles.join('\n')}
        error={errors.caFiles}
        onBlur={(event) => {
          const caFiles = event.currentTarget.value
            .split('\n')
            .map((path) => path.trim())
            .filter(Boolean);
          if (caFiles.join('\n') !== settings.caFiles.join('\n')) onSave({ caFiles });
        }}
      />
      <TextInput
        label="Proxy"
        description="For every job that names none of its own: http://host:port or socks5://host:port"
        spellCheck={false}
        defaultValue={settings.proxy ?? ''}
        error={errors.proxy}
        onBlur={(event) => {
          const proxy = event.currentTarget.value.trim() || null;
          if (proxy !== settings.proxy) onSave({ proxy });
        }}
      />
      <NumberInput label="Deadline of a check, seconds" {...number('timeoutSeconds')} />
      <NumberInput label="Checks at once" {...number('checksAtOnce')} />
      <NumberInput label="Checks of one host at once" {...number('checksPerHost')} />
      <NumberInput label="Keep results for, days" {...number('retentionDays')} />
      <Text size="xs" className="dim">
        Changes hold as soon as you leave the field.
      </Text>
    </Stack>
  );
}

function issueOf(error: unknown): string {
  return issuesOf(error)[0]?.message ?? sentenceOf(error);
}
