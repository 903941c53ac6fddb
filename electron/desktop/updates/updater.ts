import type { UpdateState } from '../../../shared/contract/desktop.ts';
import type { Clock } from '../../engine/clock.ts';
import { errorCode } from '../../engine/error-code.ts';
import type { Log } from '../../engine/log.ts';

/** Where newer versions come from: electron-updater, behind what is needed of it. */
export interface UpdateSource {
  /** Whether this build knows where to find updates. */
  readonly canLook: boolean;
  /** Whether it can put a newer one in its own place. */
  readonly canInstall: boolean;
  /** The newest version, where it is newer than this one; null: there is none. */
  find(): Promise<string | null>;
  /**
   * Loads what was found, to be put in place when the app quits. Its digest, and where the system has one its signature, are
   * verified.
   */
  load(): Promise<void>;
  /** Puts in place what was loaded, and starts it. */
  installNow(): Promise<void>;
  /** The page on which newer versions are found; null: the origin of this copy is unknown. */
  page(): Promise<string | null>;
}

export type UpdateQuestion = 'download' | 'show-page' | 'get-elsewhere' | 'restart';

export interface UpdatesOptions {
  source: UpdateSource;
  clock: Clock;
  log: Log;
  /** Whether the person wants it looked for every week. */
  isWeekly: () => boolean;
  memory: { updateLookedAt: number | null };
  /** Asks the person; answers whether they agreed. */
  ask: (question: UpdateQuestion, version: string) => Promise<boolean>;
  /** Shows a page in the person's browser. */
  openPage: (page: string) => Promise<void>;
  /** Called with what was found in the weekly look. */
  onFound: (version: string) => void;
  onChange: () => void;
}

const weekMs = 7 * 86_400_000;
/** A timer does not run on while the machine sleeps: so the clock is compared this often. */
const lookAgainMs = 3_600_000;
/** Starting is for checks. */
const firstLookMs = 60_000;

/** Looks for newer versions, when told and every week where that is wanted. Nothing is loaded or changed unasked. */
export class Updates {
  readonly #options: UpdatesOptions;
  #newest: string | null = null;
  #problem: string | null = null;
  #isLoading = false;
  #looking: Promise<void> | null = null;
  #cancel: () => void = () => undefined;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#wait(firstLookMs);
  }

  get state(): UpdateState {
    const { source, memory } = this.#options;
    const lookedAt = memory.updateLookedAt;
    return {
      canLook: source.canLook,
      newest: this.#newest,
      lookedAt: lookedAt === null ? null : new Date(lookedAt).toISOString(),
      problem: this.#problem,
      isLoading: this.#isLoading,
    };
  }

  /** Checks for updates now, or joins the check in progress. The state has the error, if any. */
  async look(): Promise<UpdateState> {
    const { source } = this.#options;
    if (source.canLook) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
      await this.#looking;
    }
    return this.state;
  }

  /** Asks the person whether they want what was found, and does what they say. */
  async offer(): Promise<UpdateState> {
    const { source, ask, openPage } = this.#options;
    const version = this.#newest;
    if (version === null || this.#isLoading) return this.state;
    if (!source.canInstall) {
      const page = await source.page();
      const isAgreed = await ask(page === null ? 'get-elsewhere' : 'show-page', version);
      if (isAgreed && page !== null) await openPage(page);
    } else if (await ask('download', version)) void this.#get(version);
    return this.state;
  }

  close(): void {
    this.#cancel();
  }

  async #look(): Promise<void> {
    const { source, memory, clock, log, onChange } = this.#options;
    try {
      this.#newest = await source.find();
      this.#problem = null;
      log.info(`looked for a newer version: ${this.#newest ?? 'none'}`);
    } catch (error) {
      this.#problem = `Whether there is a newer version could not be found out (${reasonOf(error)}).`;
      log.warn(this.#problem);
    }
    // A look that failed counts, too: who cannot be reached is not asked every hour.
    memory.updateLookedAt = clock.now();
    onChange();
  }

  async #get(version: string): Promise<void> {
    const { source, ask, log, onChange } = this.#options;
    this.#isLoading = true;
    onChange();
    try {
      await source.load();
      log.info(`loaded version ${version}`);
      if (await ask('restart', version)) await source.installNow();
    } catch (error) {
      this.#problem = `Version ${version} could not be loaded (${reasonOf(error)}). Nothing was changed.`;
      log.warn(this.#problem);
    }
    this.#isLoading = false;
    onChange();
  }

  #wait(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => void this.#lookWeekly());
  }

  async #lookWeekly(): Promise<void> {
    const { clock, memory, isWeekly, onFound } = this.#options;
    const isDue = clock.now() - (memory.updateLookedAt ?? 0) >= weekMs;
    if (isWeekly() && isDue) {
      await this.look();
      if (this.#newest !== null) onFound(this.#newest);
    }
    this.#wait(lookAgainMs);
  }
}

/** What went wrong, in a line. electron-updater's messages go on with headers and stacks. */
function reasonOf(error: unknown): string {
  const [code, message] = [errorCode(error), error instanceof Error ? error.message : String(error)];
  return (code ?? message.split('\n')[0] ?? '').slice(0, 200);
}
