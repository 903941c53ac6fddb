import type { NewJob } from '../../../shared/schema/job.ts';
import type { SavedSearch } from '../../../shared/schema/saved-search.ts';
import type { SettingsPatch } from '../../../shared/schema/settings.ts';
import type { Source } from '../../../shared/schema/source.ts';

/** What an import changes. */
export interface StoredImport {
  settings: SettingsPatch;
  sources: readonly Source[];
  searches: readonly SavedSearch[];
  jobs: readonly NewJob[];
  /** The tags of jobs that were there, by their ids. */
  tags: ReadonlyMap<string, string[]>;
}
