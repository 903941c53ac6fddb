import type { DesktopFacts, EngineState, FailingChannel } from '../../shared/schema/event.ts';
import type { Interruption } from '../../shared/schema/interruption.ts';
import type { EventJournal } from './events/event-journal.ts';
import type { Monitor } from './monitor/monitor.ts';
import type { RuleSource } from './sources.ts';
import type { ResultDatabase } from './store/result-database.ts';

export interface EngineStatusOptions {
  /** Sentences about the files; null where nothing is wrong. `config` and `sealed` are those of the start. */
  files: { config: string | null; sealed: string | null; database: ResultDatabase };
  rules: RuleSource;
  monitor: Monitor;
  journal: EventJournal;
}

/** The state of NotAfter itself: its files, its network, its pause, the desktop it runs under. */
export class EngineStatus {
  readonly #options: EngineStatusOptions;
  #desktop: DesktopFacts | null = null;
  #sealed: string | null;
  #interruption: Interruption | null = null;
  #failingChannels: readonly FailingChannel[] = [];

  constructor(options: EngineStatusOptions) {
    this.#options = options;
    this.#sealed = options.files.sealed;
    options.files.database.changes.subscribe(() => this.announce());
    options.monitor.events.subscribe(({ type }) => {
      if (type === 'connectivity') this.announce();
      else if (type === 'progress')
        options.journal.record({ type: 'checks-changed', checks: options.monitor.progress });
    });
  }

  /** Returns what is wrong with the files and needs a person at once, as sentences; null: nothing. */
  get brokenFiles(): string | null {
    const { config, database } = this.#options.files;
    return sentences(config, database.warning);
  }

  get state(): EngineState {
    const { rules, monitor } = this.#options;
    const { offlineSince } = monitor;
    return {
      warning: sentences(this.brokenFiles, this.#sealed),
      offlineSince: offlineSince === null ? null : new Date(offlineSince).toISOString(),
      pause: rules.settings.pause,
      quietUntil: rules.settings.quietUntil,
      desktop: this.#desktop,
      interruption: this.#interruption,
      failingChannels: [...this.#failingChannels],
    };
  }

  /** Sets the sentence about secrets that cannot be opened; null: all could. */
  setSealed(sentence: string | null): void {
    if (sentence === this.#sealed) return;
    this.#sealed = sentence;
    this.announce();
  }

  /** Sets how the run before this one was interrupted; null: it was not, or the notice was dismissed. */
  setInterruption(interruption: Interruption | null): void {
    if (interruption === this.#interruption) return;
    this.#interruption = interruption;
    this.announce();
  }

  /** Sets the channels that have taken no alert for an hour. */
  setFailingChannels(failing: readonly FailingChannel[]): void {
    this.#failingChannels = failing;
    this.announce();
  }

  /** Sets what the desktop can do that the engine runs under. */
  setDesktop(facts: DesktopFacts): void {
    this.#desktop = facts;
    this.announce();
  }

  /** Sends every window the state, also where something beside the engine changed: its HTTP API, newer versions. */
  announce(): void {
    this.#options.journal.record({ type: 'state-changed', state: this.state });
  }
}

function sentences(...parts: readonly (string | null)[]): string | null {
  return parts.filter((part) => part !== null).join(' ') || null;
}
