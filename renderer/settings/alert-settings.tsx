import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isQuiet, tomorrow } from '../../shared/domain/pause.ts';
import { personalZone } from '../../shared/schema/maintenance-text.ts';
import { RulesFields } from '../components/rules-fields.tsx';
import { type RulesForm, readRules, rulesForm } from '../components/rules-form.ts';
import { exactDate, shortTime } from '../lib/dates.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { usePreferences } from '../lib/preferences.ts';
import { useNow } from '../lib/use-now.ts';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';
import { ValueSettings } from './value-settings.tsx';

/** What is alerted, when and how. */
export function AlertSettings({ settings, errors, onSave }: SettingsPartProps) {
  return (
    <section className={classes['part']} id="settings-alerts" aria-labelledby="settings-alerts-title">
      <h3 id="settings-alerts-title">Alerts</h3>
      <Stack>
        <ValueSettings section="alerts" settings={settings} errors={errors} onSave={onSave} />
        <ReachTest />
        <QuietUntil settings={settings} onSave={onSave} />
        <QuietHours settings={settings} errors={errors} onSave={onSave} />
        <OverallRules settings={settings} errors={errors} onSave={onSave} />
      </Stack>
    </section>
  );
}

const FirstAlert = lazyComponent(async () => (await import('../alerts/first-alert.tsx')).FirstAlert);

/** Offers a test notification, and says when one was last confirmed. */
function ReachTest() {
  const [isOpen, setOpen] = useState(false);
  const { alertSeenAt } = usePreferences();
  return (
    <Group justify="space-between">
      <Text size="sm" className="dim">
        {alertSeenAt === ''
          ? 'Check that alerts reach you.'
          : `You confirmed that alerts reach you on ${exactDate(alertSeenAt)}.`}
      </Text>
      <Button variant="default" onClick={() => setOpen(true)}>
        Send a test…
      </Button>
      {isOpen && <FirstAlert onClose={() => setOpen(false)} />}
    </Group>
  );
}

/** Keeps what is not critical from notifying until tomorrow morning, with one click. */
function QuietUntil({ settings: { quietUntil }, onSave }: Pick<SettingsPartProps, 'settings' | 'onSave'>) {
  const now = useNow();
  const isOn = isQuiet(quietUntil, now);
  return (
    <Switch
      label={isOn ? `Quiet until ${shortTime(quietUntil)}` : 'Quiet until tomorrow'}
      description={`Only critical alerts notify you. Others wait until ${shortTime(isOn ? quietUntil : tomorrow(now))}.`}
      checked={isOn}
      onChange={(event) =>
        void onSave({ quietUntil: event.currentTarget.checked ? tomorrow(Date.now()) : null })
      }
    />
  );
}

const usualNight = { from: '22:00', to: '07:00' };

/** Hours are in the time of the person who sets them, wherever NotAfter runs. */
const personal = personalZone();

function QuietHours({ settings: { quietHours }, errors, onSave }: SettingsPartProps) {
  const time = (field: 'from' | 'to', label: string) => (
    <TextInput
      key={`${field} ${quietHours?.[field]}`}
      type="time"
      label={label}
      defaultValue={quietHours?.[field] ?? ''}
      onBlur={(event) => {
        const { value } = event.currentTarget;
        if (quietHours && value !== '' && value !== quietHours[field])
          void onSave({ quietHours: { ...quietHours, [field]: value } });
      }}
    />
  );
  return (
    <>
      <Switch
        label="Quiet hours"
        description="Only critical alerts notify you. Others wait until quiet hours end."
        checked={quietHours !== null}
        error={errorAt(errors, 'quietHours')}
        onChange={(event) =>
          void onSave({
            quietHours: event.currentTarget.checked ? { ...usualNight, timezone: personal } : null,
          })
        }
      />
      {quietHours && (
        <Group grow>
          {time('from', 'Quiet hours from')}
          {time('to', 'Quiet hours to')}
          <TextInput
            key={`zone ${quietHours.timezone}`}
            label="Time zone"
            description={`Yours is ${personal}.`}
            placeholder="The time zone of the service"
            defaultValue={quietHours.timezone ?? ''}
            onBlur={(event) => {
              const { timezone, ...hours } = quietHours;
              const zone = event.currentTarget.value.trim();
              if (zone !== (timezone ?? ''))
                void onSave({ quietHours: zone === '' ? hours : { ...hours, timezone: zone } });
            }}
          />
        </Group>
      )}
    </>
  );
}

/** Rules for hosts and tags without their own. An invalid field keeps its text and shows why. */
function OverallRules({ settings, errors, onSave }: SettingsPartProps) {
  const [form, setForm] = useState<RulesForm>(() => rulesForm(settings));
  const [unread, setUnread] = useState<Partial<Record<keyof RulesForm, string>>>({});
  const save = (changed: RulesForm) => {
    const read = readRules(changed, settings.alerts);
    setUnread(read.ok ? {} : read.errors);
    const isSame = JSON.stringify(changed) === JSON.stringify(rulesForm(settings));
    if (read.ok && !isSame) void onSave({ thresholds: read.thresholds, alerts: read.alerts });
  };
  const engineField = (field: keyof RulesForm) => {
    if (field === 'warning' || field === 'critical') return `thresholds.${field}`;
    return field === 'silenced' ? 'alerts.expiry' : `alerts.${field}`;
  };
  return (
    <RulesFields
      isOutermost
      input={(field) => ({
        value: form[field],
        error: unread[field] ?? errorAt(errors, engineField(field)),
        onChange: (event: React.ChangeEvent<HTMLInputElement> | string[] | number | string) => {
          const isEvent = typeof event === 'object' && 'currentTarget' in event;
          const changed = { ...form, [field]: isEvent ? event.currentTarget.value : event };
          setForm(changed);
          if (field === 'silenced') save(changed);
        },
        onBlur: () => save(form),
      })}
    />
  );
}
