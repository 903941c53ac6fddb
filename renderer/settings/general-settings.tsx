import { SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { type DesktopClient, desktopOf } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { setPreferences, usePreferences } from '../lib/preferences.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './settings.module.css';

/** How the window looks and acts in this browser or app. */
export function GeneralSettings() {
  const api = useApi();
  const desktop = useMemo(() => desktopOf(api), [api]);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { density, contrast, letters } = usePreferences();
  return (
    <section className={classes['part']} id="settings-general" aria-labelledby="settings-general-title">
      <h3 id="settings-general-title">General</h3>
      <Stack>
        <div className={classes['choice']}>
          <Text size="sm" fw={550} id="theme-label">
            Theme
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby="theme-label"
            value={colorScheme}
            onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
        {desktop && <LaunchAtLogin desktop={desktop} />}
        <Switch
          label="High contrast"
          description="Draws text, borders and marks in stronger colors."
          checked={contrast === 'high'}
          onChange={(event) => setPreferences({ contrast: event.currentTarget.checked ? 'high' : 'normal' })}
        />
        <Switch
          label="Comfortable rows"
          description="Rows of the list are 36 instead of 28 pixels high."
          checked={density === 'comfortable'}
          onChange={(event) =>
            setPreferences({ density: event.currentTarget.checked ? 'comfortable' : 'compact' })
          }
        />
        <Switch
          label="Single-letter shortcuts"
          description="Letters such as C and E act on hosts. Turn this off if you dictate text."
          checked={letters === 'on'}
          onChange={(event) => setPreferences({ letters: event.currentTarget.checked ? 'on' : 'off' })}
        />
      </Stack>
    </section>
  );
}

/** Starts NotAfter at login. The system holds the answer, and the tray changes it too: it is read whenever the window gets the focus. */
function LaunchAtLogin({ desktop }: { desktop: DesktopClient }) {
  const [isOn, setOn] = useState<boolean | null>(null);
  useEffect(() => {
    const read = () => {
      desktop.loginItem().then(
        (found) => setOn(found.isOn),
        () => setOn(null), // The banner reports a lost connection.
      );
    };
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [desktop]);
  if (isOn === null) return null;
  const set = (next: boolean) =>
    reportFailure(
      desktop.setLoginItem({ isOn: next }).then((found) => setOn(found.isOn)),
      'Could not change what starts at login',
    );
  return (
    <Switch
      label="Launch at login"
      description="Only the tray icon appears, and the window when you open it."
      checked={isOn}
      onChange={(event) => void set(event.currentTarget.checked)}
    />
  );
}
