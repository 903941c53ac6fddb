import { NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

/** How hosts are checked. */
export function CheckSettings({ settings, errors, onSave }: SettingsPartProps) {
  const number = (field: 'timeoutSeconds' | 'checksAtOnce' | 'checksPerHost' | 'retentionDays') => ({
    defaultValue: settings[field],
    error: errorAt(errors, field),
    onBlur: (event: React.FocusEvent<HTMLInputElement>) => {
      const value = Number(event.currentTarget.value);
      if (value !== settings[field]) void onSave({ [field]: value });
    },
  });
  return (
    <section className={classes['part']} id="settings-checks" aria-labelledby="settings-checks-title">
      <h3 id="settings-checks-title">Checks</h3>
      <Stack>
        <Switch
          label="Check revocation with the CA"
          description="Uses OCSP or the CA’s revocation list, so the CA learns which certificates you watch. Stapled responses are always read."
          checked={settings.fetchRevocation}
          onChange={(event) => void onSave({ fetchRevocation: event.currentTarget.checked })}
        />
        <Textarea
          label="CA files"
          description="PEM files with CAs to trust for every host, in addition to the usual roots (one path per line)"
          autosize
          minRows={2}
          spellCheck={false}
          defaultValue={settings.caFiles.join('\n')}
          error={errorAt(errors, 'caFiles')}
          onBlur={(event) => {
            const caFiles = event.currentTarget.value
              .split('\n')
              .map((path) => path.trim())
              .filter(Boolean);
            if (caFiles.join('\n') !== settings.caFiles.join('\n')) void onSave({ caFiles });
          }}
        />
        <TextInput
          label="Proxy"
          description="For every host without its own proxy: http://, https://, socks5:// or socks4a://host:port"
          spellCheck={false}
          defaultValue={settings.proxy ?? ''}
          error={errorAt(errors, 'proxy')}
          onBlur={(event) => {
            const proxy = event.currentTarget.value.trim() || null;
            if (proxy !== settings.proxy) void onSave({ proxy });
          }}
        />
        <NumberInput label="Check timeout (seconds)" {...number('timeoutSeconds')} />
        <NumberInput label="Checks at the same time" {...number('checksAtOnce')} />
        <NumberInput label="Checks of one host at the same time" {...number('checksPerHost')} />
        <NumberInput label="Keep results for (days)" {...number('retentionDays')} />
      </Stack>
    </section>
  );
}
