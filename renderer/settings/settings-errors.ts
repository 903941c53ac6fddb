import type { Settings, SettingsPatch } from '../../shared/schema/settings.ts';

/** The engine's sentences by the path of the field: `timeoutSeconds`, `quietHours.from`. */
export type SettingsErrors = Partial<Record<string, string>>;

export interface SettingsPartProps {
  settings: Settings;
  errors: SettingsErrors;
  /** Resolves to whether it was taken; where it was not, the errors say why. */
  onSave: (patch: SettingsPatch) => Promise<boolean>;
}

/** The first sentence at a field or anywhere in it. */
export function errorAt(errors: SettingsErrors, field: string): string | undefined {
  return Object.entries(errors).find(([path]) => path === field || path.startsWith(`${field}.`))?.[1];
}
