import { writeFileSync } from 'node:fs';
import Conf from 'conf';
import type { Clock } from '../../electron/engine/clock.ts';
import { Engine } from '../../electron/engine/engine.ts';
import type { EngineOptions } from '../../electron/engine/engine-options.ts';
import type { SourceReaders } from '../../electron/engine/file-sources/readers.ts';
import type { Log } from '../../electron/engine/log.ts';
import type { Network } from '../../electron/engine/monitor/network.ts';
import type { Resolve } from '../../electron/engine/probe/addresses.ts';
import { Prober } from '../../electron/engine/probe/prober.ts';
import type { ConfigFile } from '../../electron/engine/store/config-file.ts';
import { openConfigFile } from '../../electron/engine/store/config-format.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import type { SecretBox } from '../../electron/engine/store/secret-box.ts';
import type { EngineEvent } from '../../shared/schema/event.ts';
import { ManualClock } from './manual-clock.ts';
import { type Issued, makeCa } from './pki.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A log that a test can read. */
export class KeptLog implements Log {
  readonly lines: string[] = [];
  info = (line: string) => void this.lines.push(line);
  warn = (line: string) => void this.lines.push(`warn ${line}`);
  error = (line: string, error: unknown) => void this.lines.push(`error ${line} ${error}`);
}

export function openConf(cwd: string): ConfigFile {
  return openConfigFile((options) => new Conf({ cwd, configName: 'config', ...options }));
}

export interface TestEngineOptions extends Pick<EngineOptions, 'channelBases' | 'programs' | 'printPdf'> {
  now?: number;
  prepare?: (folder: string) => void;
  network?: Network;
  /** Names to addresses, in place of the system's resolver. */
  resolve?: Resolve;
  allowPublicRanges?: boolean;
  secretBox?: SecretBox;
  /** How sources are read, by their kinds. */
  sourceReaders?: SourceReaders;
}

/** An engine on a folder of its own with a clock moved by hand, and a CA that it trusts. */
export class TestEngine implements AsyncDisposable {
  readonly folder = temporaryFolder();
  readonly clock: ManualClock;
  readonly log = new KeptLog();
  readonly ca: Issued;
  readonly events: EngineEvent[] = [];
  engine: Engine;
  #waiting: { matches: (event: EngineEvent) => boolean; resolve: (event: EngineEvent) => void }[] = [];

  readonly #network: Network | undefined;
  readonly #resolve: Resolve | undefined;
  readonly #allowPublicRanges: boolean;
  readonly #sourceReaders: SourceReaders | undefined;
  readonly #channelBases: EngineOptions['channelBases'];
  readonly #programs: EngineOptions['programs'];
  readonly #printPdf: EngineOptions['printPdf'];
  /** Of the next engine on the folder. */
  secretBox: SecretBox | undefined;

  constructor({
    now = Date.now(),
    prepare,
    network,
    resolve,
    allowPublicRanges = false,
    secretBox,
    sourceReaders,
    channelBases,
    programs,
    printPdf,
  }: TestEngineOptions = {}) {
    this.#sourceReaders = sourceReaders;
    this.#network = network;
    this.#resolve = resolve;
    this.#allowPublicRanges = allowPublicRanges;
    this.#channelBases = channelBases;
    this.#programs = programs;
    this.#printPdf = printPdf;
    this.secretBox = secretBox;
    this.clock = new ManualClock(now);
    this.ca = makeCa('Test Root', { now });
    writeFileSync(this.folder.file('ca.pem'), this.ca.pem);
    prepare?.(this.folder.path);
    this.engine = this.#open(this.clock);
  }

  #open(clock: Clock): Engine {
    const engine = new Engine({
      folder: openDataFolder(this.folder.path),
      openConfig: openConf,
      clock,
      log: this.log,
      version: '0.0.0',
      caFiles: [this.folder.file('ca.pem')],
      ...(this.secretBox ? { secretBox: this.secretBox } : {}),
      ...(this.#sourceReaders ? { sourceReaders: this.#sourceReaders } : {}),
      ...(this.#channelBases ? { channelBases: this.#channelBases } : {}),
      ...(this.#programs ? { programs: this.#programs } : {}),
      ...(this.#printPdf ? { printPdf: this.#printPdf } : {}),
      ...(this.#network ? { network: this.#network } : {}),
      ...(this.#resolve
        ? { checker: new Prober({ now: clock.now, resolve: this.#resolve }), resolve: this.#resolve }
        : {}),
      allowPublicRanges: this.#allowPublicRanges,
    });
    engine.events.subscribe((event) => {
      this.events.push(event);
      this.#waiting = this.#waiting.filter(({ matches, resolve }) => !matches(event) || resolve(event));
    });
    return engine;
  }

  /** Stops the engine, lets time pass, and starts another on the same folder. */
  async restart(awayMs = 0): Promise<void> {
    await this.engine.stop();
    this.clock.set(this.clock.now() + awayMs);
    this.engine = this.#open(this.clock);
    this.engine.start();
  }

  /** The next event that matches. To be called before what causes it. */
  next<Type extends EngineEvent['type']>(
    type: Type,
    isWanted: (event: Extract<EngineEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<EngineEvent, { type: Type }>> {
    const { promise, resolve } = Promise.withResolvers<EngineEvent>();
    // SAFETY: an event of the type is what that type means.
    const matches = (event: EngineEvent) =>
      event.type === type && isWanted(event as Extract<EngineEvent, { type: Type }>);
    this.#waiting.push({ matches, resolve });
    // SAFETY: the waiting only matches events of this type.
    return promise as Promise<Extract<EngineEvent, { type: Type }>>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.stop();
    this.folder[Symbol.dispose]();
  }
}
