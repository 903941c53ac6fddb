import type { EngineOptions } from '../engine-options.ts';
import { EntryReader } from '../file-sources/entry-reader.ts';
import type { SourceReaders } from '../file-sources/readers.ts';
import type { RuleSource } from '../sources.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { JobProbe } from './job-probe.ts';
import type { Prober } from './prober.ts';

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
  let prober: Promise<Prober> | undefined;
  // Loaded for the first check, with the readers of certificates: the tray does not wait for them.
  const loadProber = () => {
    prober ??= import('./prober.ts')
      .then((module) => new module.Prober({ now }))
      .catch((error: unknown) => {
        prober = undefined; // The next check tries again.
        throw error;
      });
    return prober;
  };
  return new JobProbe({
    prober: async () => options.checker ?? loadProber(),
    caFiles: options.caFiles ?? [],
    rules,
    log: options.log,
    entries: new EntryReader({ sources: store, readers }),
    leafTimes: (id) => database.tryWrite(() => database.history.leafTimes(id)) ?? [],
  });
}
