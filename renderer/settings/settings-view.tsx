import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Settings, SettingsPatch } from '../../shared/schema/settings.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import { useApi, useEngineEvent, useReconnections } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import { useKeys } from '../lib/keys.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { AlertSettings } from './alert-settings.tsx';
import { ApiSettings } from './api-settings.tsx';
import { ChannelSettings } from './channel-settings.tsx';
import { CheckSettings } from './check-settings.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { HeartbeatSettings } from './heartbeat-settings.tsx';
import { HelpSettings } from './help-settings.tsx';
import { InOutSettings } from './import-export-settings.tsx';
import { ReportSettings } from './report-settings.tsx';
import { sections } from './sections.ts';
import classes from './settings.module.css';
import type { SettingsErrors } from './settings-errors.ts';
import { SourceSettings } from './source-settings.tsx';
import { TagSettings } from './tag-settings.tsx';

/** Settings in sections with an index and a search; each is saved as soon as it changes, and says so. */
export function SettingsView({ section }: { section: string | null }) {
  const { settings, errors, failure, saves, save, reads, readAgain } = useSettings();
  const [search, setSearch] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const parts = useRef<HTMLDivElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  const isLoaded = settings !== null;
  useEffect(() => {
    if (!isLoaded || section === null) return;
    document.getElementById(`settings-${section}`)?.scrollIntoView();
  }, [section, isLoaded]);
  useEffect(() => {
    const words = search.trim().toLowerCase();
    // By what is on the screen: labels and sentences, whichever part wrote them.
    for (const part of parts.current?.children ?? [])
      part.toggleAttribute('hidden', words !== '' && !(part.textContent ?? '').toLowerCase().includes(words));
  }, [search]);
  return (
    <main className={classes['view']}>
      <header className={classes['top']}>
        <div>
          <h2>Settings</h2>
          <p className="dim">Changes are saved automatically.</p>
        </div>
        <p className={classes['saved']} role="status" key={saves}>
          {saves > 0 && '✓ Saved'}
        </p>
        <TextInput
          ref={input}
          type="search"
          size="sm"
          placeholder="Search settings"
          aria-label="Search settings"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </header>
      <nav className={classes['index']} aria-label="Sections">
        {Object.entries(sections).map(([key, label]) => (
          <a key={key} href={`#/settings/${key}`} aria-current={section === key ? 'true' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <ReadOutcome isRead={settings !== null} failure={failure} what="Loading settings" />
      {/* Fields keep what they began with: after an import they begin again. */}
      {settings && (
        <div className={classes['parts']} ref={parts} key={reads}>
          <GeneralSettings />
          <AlertSettings settings={settings} errors={errors} onSave={save} />
          <TagSettings settings={settings} errors={errors} onSave={save} />
          <SourceSettings />
          <CheckSettings settings={settings} errors={errors} onSave={save} />
          <ChannelSettings settings={settings} errors={errors} onSave={save} />
          <HeartbeatSettings settings={settings} errors={errors} onSave={save} />
          <ReportSettings settings={settings} errors={errors} onSave={save} />
          <ApiSettings settings={settings} errors={errors} onSave={save} />
          <InOutSettings onImported={readAgain} />
          <HelpSettings settings={settings} errors={errors} onSave={save} />
        </div>
      )}
    </main>
  );
}

/** Reads the settings, again after a lost connection, follows what changes them elsewhere (the tray, another window), and saves changes. */
function useSettings() {
  const api = useApi();
  const [settings, setSettings] = useState<Settings | null>(null);
  const [errors, setErrors] = useState<SettingsErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  /** How many changes were saved. */
  const [saves, setSaves] = useState(0);
  const round = useReconnections();
  /** How often all of them were read again since an import. */
  const [reads, setReads] = useState(0);
  useEffect(() => {
    void round; // A change of it triggers the next read.
    api.settings.get().then(
      (read) => {
        setSettings(read);
        setFailure(null);
      },
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  }, [api, round]);
  useEngineEvent('settings-changed', ({ settings: changed }) => setSettings(changed));
  const save = async (patch: SettingsPatch): Promise<boolean> => {
    const fields = Object.keys(patch);
    const kept = Object.entries(errors).filter(([path]) => !fields.some((field) => path.startsWith(field)));
    try {
      setSettings(await api.settings.edit(patch));
      setErrors(Object.fromEntries(kept));
      setSaves((count) => count + 1);
      return true;
    } catch (error) {
      const issues = issuesOf(error).map(({ path = [], message }) => [path.map(String).join('.'), message]);
      const found = issues.length > 0 ? issues : [[fields[0], sentenceOf(error)]];
      setErrors({ ...Object.fromEntries(kept), ...Object.fromEntries(found) });
      return false;
    }
  };
  const readAgain = () => {
    api.settings.get().then(
      (read) => {
        setSettings(read);
        setReads((count) => count + 1);
      },
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  };
  return { settings, errors, failure, saves, save, reads, readAgain };
}
