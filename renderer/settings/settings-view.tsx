import { useEffect, useState } from 'react';
import type { Settings, SettingsPatch } from '../../shared/schema/settings.ts';
import views from '../components/view.module.css';
import { useApi } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { AlertSettings } from './alert-settings.tsx';
import { ApiSettings } from './api-settings.tsx';
import { CheckSettings } from './check-settings.tsx';
import { HelpSettings } from './help-settings.tsx';
import { HookSettings } from './hook-settings.tsx';
import { InOutSettings } from './import-export-settings.tsx';
import type { SettingsErrors } from './settings-errors.ts';
import { TagSettings } from './tag-settings.tsx';

/** Settings; each is saved as soon as it changes. */
export function SettingsView() {
  const api = useApi();
  const [settings, setSettings] = useState<Settings | null>(null);
  const [errors, setErrors] = useState<SettingsErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    api.settings.get().then(setSettings, (error: unknown) => setFailure(sentenceOf(error)));
  }, [api]);

  const save = async (patch: SettingsPatch): Promise<boolean> => {
    const fields = Object.keys(patch);
    const kept = Object.entries(errors).filter(([path]) => !fields.some((field) => path.startsWith(field)));
    try {
      setSettings(await api.settings.edit(patch));
      setErrors(Object.fromEntries(kept));
      return true;
    } catch (error) {
      const issues = issuesOf(error).map(({ path = [], message }) => [path.map(String).join('.'), message]);
      const found = issues.length > 0 ? issues : [[fields[0], sentenceOf(error)]];
      setErrors({ ...Object.fromEntries(kept), ...Object.fromEntries(found) });
      return false;
    }
  };
  return (
    <main className={views['view']}>
      <h2>Settings</h2>
      {failure && <p role="alert">{failure}</p>}
      {settings && (
        <>
          <AlertSettings settings={settings} errors={errors} onSave={save} />
          <TagSettings settings={settings} errors={errors} onSave={save} />
          <CheckSettings settings={settings} errors={errors} onSave={save} />
          <InOutSettings />
          <HookSettings settings={settings} errors={errors} onSave={save} />
          <ApiSettings settings={settings} errors={errors} onSave={save} />
          <HelpSettings settings={settings} errors={errors} onSave={save} />
          <p className="dim">Changes are saved automatically.</p>
        </>
      )}
    </main>
  );
}
