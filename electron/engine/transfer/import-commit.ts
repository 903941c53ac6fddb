import { destinationOf } from '../../../shared/schema/channels/channel.ts';
import type { Job, NewJob } from '../../../shared/schema/job.ts';
import type { NewSavedSearch } from '../../../shared/schema/saved-search.ts';
import type { SettingsPatch } from '../../../shared/schema/settings.ts';
import type { NewSource } from '../../../shared/schema/source.ts';
import type { Clock } from '../clock.ts';
import type { DiscoveryService } from '../discovery/saved/discovery-service.ts';
import { makeSearches } from '../discovery/saved/new-search.ts';
import { makeSources } from '../file-sources/new-sources.ts';
import type { SourceService } from '../file-sources/source-service.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { SettingsFieldError } from '../store/channel-secrets.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { editedSettings } from '../store/settings-edit.ts';

export interface ImportCommitOptions {
  store: ConfigStore;
  settings: SettingsService;
  sources: SourceService;
  discoveries: DiscoveryService;
  jobs: JobService;
  clock: Clock;
}

/** What an import changes. */
export interface ImportedParts {
  settings: SettingsPatch;
  sources: readonly NewSource[];
  searches: readonly NewSavedSearch[];
  jobs: readonly NewJob[];
  /** The tags of jobs that were there, by their ids. */
  tags: ReadonlyMap<string, string[]>;
}

/** Makes the changes of an import of everything: all of them, in one write, or none. */
export class ImportCommit {
  readonly #options: ImportCommitOptions;

  constructor(options: ImportCommitOptions) {
    this.#options = options;
  }

  /** Returns why settings would be refused, as a sentence; null: they would be taken. */
  refusal(settings: SettingsPatch): string | null {
    try {
      editedSettings(settings, this.#options.store.settings);
      return null;
    } catch (error) {
      if (error instanceof SettingsFieldError) return error.message;
      throw error;
    }
  }

  /** Returns where a channel sends its secrets, such as https://host:port; null: none has the name. */
  destination(name: string): string | null {
    const channel = this.#options.store.settings.channels.find((one) => one.name === name);
    return channel ? destinationOf(channel) : null;
  }

  /**
   * Makes the changes, and then has every part follow them. Files of sources that cannot be read are their warning, as ever.
   * @returns the jobs that were added, in the order given
   * @throws SourceNameTakenError, SavedSearchError, SettingsFieldError, StoreWriteError; nothing has changed then
   */
  async commit({
    settings: patch,
    sources: inputs,
    searches,
    jobs: added,
    tags,
  }: ImportedParts): Promise<Job[]> {
    const { store, settings, sources, discoveries, jobs, clock } = this.#options;
    const before = store.settings;
    const now = new Date(clock.now()).toISOString();
    const made = makeSources(inputs, store.sources(), now);
    const saved = makeSearches(searches, store.searches.all(), now);
    const stored = await store.importAll({
      settings: patch,
      sources: made,
      searches: saved,
      jobs: added,
      tags,
    });
    if (Object.keys(patch).length > 0) settings.follow(before, patch);
    await jobs.followAdded(stored.jobs);
    await jobs.followEdited(stored.edits);
    for (const { id } of made) await sources.scanLogged(id);
    discoveries.follow(saved);
    return stored.jobs;
  }
}
