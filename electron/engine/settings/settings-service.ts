import type { Channel } from '../../../shared/schema/channels/channel.ts';
import type { Settings, SettingsPatch, ShownSettings } from '../../../shared/schema/settings.ts';
import type { Alerter } from '../alerts/alerter.ts';
import type { EngineOptions } from '../engine-options.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { EngineStatus } from '../status.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { hideSettings } from '../store/kept-addresses.ts';
import { requirePrinters } from '../store/report-checks.ts';

export interface SettingsServiceOptions {
  store: ConfigStore;
  monitor: Monitor;
  alerter: Alerter;
  status: EngineStatus;
  journal: EventJournal;
  /** What prints PDF files, if anything does. */
  options: Pick<EngineOptions, 'printPdf'>;
}

/** Edits settings, and has the parts follow. */
export class SettingsService {
  readonly #options: SettingsServiceOptions;

  constructor(options: SettingsServiceOptions) {
    this.#options = options;
  }

  /** The settings as they are shown: that secrets are kept, never which. */
  get current(): ShownSettings {
    return hideSettings(this.#options.store.settings);
  }

  /** Keeps what the other side has changed of a channel, such as the id of a chat that moved. */
  async editChannel(name: string, edit: Readonly<Record<string, string>>): Promise<void> {
    const { channels } = this.#options.store.settings;
    // SAFETY: an adapter edits only fields of this channel's type, and the schema validates the result.
    await this.edit({
      channels: channels.map((channel) =>
        channel.name === name ? ({ ...channel, ...edit } as Channel) : channel,
      ),
    });
  }

  /** Changes the fields given. @throws SettingsFieldError; StoreWriteError where they cannot be written; nothing changes then */
  async edit(patch: SettingsPatch): Promise<ShownSettings> {
    const { store, options } = this.#options;
    const before = store.settings;
    requirePrinters(patch.reports ?? [], before.reports, options.printPdf !== undefined);
    await store.editSettings(patch);
    return this.follow(before, patch);
  }

  /** Has the parts follow settings that are stored by now. @returns them as they are shown */
  follow(before: Settings, patch: SettingsPatch): ShownSettings {
    const { store, monitor, alerter, status, journal } = this.#options;
    const settings = hideSettings(store.settings);
    journal.record({ type: 'settings-changed', settings });
    alerter.wake();
    monitor.settingsEdited(before, store.settings);
    if (patch.pause !== undefined || patch.quietUntil !== undefined) status.announce();
    return settings;
  }
}
