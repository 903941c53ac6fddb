import type { Interruption } from '../../shared/schema/interruption.ts';
import { interruptionWords } from '../../shared/text/interruption.ts';
import { count, dateInWords } from '../../shared/text/words.ts';
import type { Clock } from './clock.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Log } from './log.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { EngineStatus } from './status.ts';
import type { DataFolder } from './store/data-folder.ts';
import { RunMarker } from './store/run-marker.ts';

export interface RunWatchOptions {
  clock: Pick<Clock, 'now'>;
  log: Log;
  folder: DataFolder;
  version: string;
  status: EngineStatus;
  monitor: Monitor;
  options: Pick<EngineOptions, 'uptimeMs'>;
}

/** Says how a run begins: by which version, with what is wrong with the files, and after a run that was interrupted. */
export class RunWatch {
  readonly #options: RunWatchOptions;
  readonly #marker: RunMarker;
  #isEnded = false;

  constructor(all: RunWatchOptions) {
    const { log, folder, status, monitor, clock, options } = all;
    this.#options = all;
    this.#marker = new RunMarker({ ...options, log, path: folder.file('running.json') });
    monitor.events.subscribe(({ type }) => type === 'tick' && this.#marker.sign(clock.now()));
    for (const sentence of [status.state.warning, folder.warning]) if (sentence) log.warn(sentence);
  }

  /** Whether the run was ended: what waited meanwhile must not go on with it. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * To be called when a run begins. @param jobs how many jobs there are
   * @returns false where the run was ended before: a desktop that quits while it waits for the keyring
   */
  begin(jobs: number): boolean {
    if (this.#isEnded) return false;
    const { clock, log, folder, version } = this.#options;
    const interruption = this.#marker.begin(clock.now());
    if (interruption) this.#tell(interruption);
    log.info(`NotAfter ${version} watches ${count(jobs, 'job')} in ${folder.path}`);
    return true;
  }

  /** To be called first when the run is stopped. */
  end(): void {
    this.#isEnded = true;
    this.#marker.end();
  }

  /** A computer that was turned off is nothing to look into; a program that was killed is. */
  #tell(interruption: Interruption): void {
    const { log, status } = this.#options;
    const sentence = interruptionWords(interruption, dateInWords);
    if (interruption.cause === 'restart') log.info(sentence);
    else log.warn(sentence);
    status.setInterruption(interruption);
  }
}
