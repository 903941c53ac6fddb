import type { EngineOptions } from '../engine-options.ts';
import { EntryReader } from '../file-sources/entry-reader.ts';
import type { SourceReaders } from '../file-sources/readers.ts';
import type { RuleSource } from '../sources.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { JobProbe } from './job-probe.ts';
import { Prober } from './prober.ts';

interface ProbeParts {
  options: Pick<EngineOptions, 'checker' | 'caFiles' | 'log'>;
  readers: SourceReaders;
  store: ConfigStore;
  rules: RuleSource;
  database: ResultDatabase;
  /** Returns the time in milliseconds since the epoch. */
  now: () => number;
}

/** Makes what checks jobs, and reads the certificates that sources keep. */
export function composeProbe({ options, readers, store, rules, database, now }: ProbeParts): JobProbe {
  return new JobProbe({
    checker: options.checker ?? new Prober({ now }),
    caFiles: options.caFiles ?? [],
    rules,
    log: options.log,
    entries: new EntryReader({ sources: store, readers }),
    leafTimes: (id) => database.tryWrite(() => database.history.leafTimes(id)) ?? [],
  });
}
