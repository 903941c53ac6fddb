import { SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core';
import { setPreferences, usePreferences } from '../lib/preferences.ts';
import classes from './settings.module.css';

/** How the window looks and acts in this browser or app. */
export function GeneralSettings() {
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
