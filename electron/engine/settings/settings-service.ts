import type { Settings, SettingsPatch } from '../../../shared/schema/settings.ts';
import type { Alerter } from '../alerts/alerter.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { EngineStatus } from '../status.ts';
import type { ConfigStore } from '../store/config-store.ts';

export interface SettingsServiceOptions {
  store: ConfigStore;
  monitor: Monitor;
  alerter: Alerter;
  status: EngineStatus;
  journal: EventJournal;
}

/** Edits settings, and has the parts follow. */
export class SettingsService {
  readonly #options: SettingsServiceOptions;

  constructor(options: SettingsServiceOptions) {
    this.#options = options;
  }

  get current(): Settings {
    return this.#options.store.settings;
  }

  /** Changes the fields given. @throws StoreWriteError where they cannot be written; nothing changes then */
  async edit(patch: SettingsPatch): Promise<Settings> {
    const { store, monitor, alerter, status, journal } = this.#options;
    const before = this.current;
    const settings = await store.editSettings(patch);
    journal.record({ type: 'settings-changed', settings });
    alerter.wake();
    monitor.settingsEdited(before, settings);
    if (patch.pause !== undefined) status.announce();
    return settings;
  }
}
