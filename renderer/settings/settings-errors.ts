import type { Settings, SettingsPatch } from '../../shared/schema/settings.ts';

/** The engine's errors by path: `timeoutSeconds`, `quietHours.from`. */
export type SettingsErrors = Partial<Record<string, string>>;

export interface SettingsPartProps {
  settings: Settings;
  errors: SettingsErrors;
  /** Resolves to whether it was saved; if not, `errors` says why. */
  onSave: (patch: SettingsPatch) => Promise<boolean>;
}

/** Returns the first error at a field or inside it. */
export function errorAt(errors: SettingsErrors, field: string): string | undefined {
  return Object.entries(errors).find(([path]) => path === field || path.startsWith(`${field}.`))?.[1];
}
