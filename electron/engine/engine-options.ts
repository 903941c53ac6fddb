import type { ChannelType } from '../../shared/schema/channels/types.ts';
import type { LocalHook } from './channels/dispatcher.ts';
import type { ProgramConsent } from './channels/program-consent.ts';
import type { Clock } from './clock.ts';
import type { SourceReaders } from './file-sources/readers.ts';
import type { Log } from './log.ts';
import type { Network } from './monitor/network.ts';
import type { Resolve } from './probe/addresses.ts';
import type { Prober } from './probe/prober.ts';
import type { PrintPdf } from './reports/pdf.ts';
import type { ConfigFile } from './store/config-file.ts';
import type { DataFolder } from './store/data-folder.ts';
import type { SecretBox } from './store/secret-box.ts';

/** What an engine is made of that comes from outside. */
export interface EngineOptions {
  folder: DataFolder;
  /** Opens the file of jobs and settings: electron-store on the desktop, conf headless. */
  openConfig: (folder: string) => ConfigFile;
  /** Seals the secrets in that file; without it they are kept in plain text. */
  secretBox?: SecretBox;
  /** Whether the key may still come, by `secrets.unlock`. */
  isKeyAwaited?: boolean;
  clock: Clock;
  log: Log;
  version: string;
  /** Path of a certificate file that ships with NotAfter, to try it on. */
  exampleFile?: string;
  /** CA files from the command line, trusted for as long as this engine runs. */
  caFiles?: readonly string[];
  /** Channels of the command line, beside the channels of the settings. */
  hooks?: readonly LocalHook[];
  /** Makes PDF files of reports; without it nothing does. */
  printPdf?: PrintPdf;
  /** Which programs channels may run; without it none. */
  programs?: ProgramConsent;
  /** Addresses that take the place of services' own, in tests. */
  channelBases?: Readonly<Partial<Record<ChannelType, string>>>;
  checker?: Prober;
  /** How sources are read, by their kinds. */
  sourceReaders?: SourceReaders;
  network?: Network;
  /** Whether saved searches may scan public addresses: a person said so when the service was started. */
  allowPublicRanges?: boolean;
  /** Names to addresses for saved searches, in place of the system's resolver. */
  resolve?: Resolve;
  /** For how long this computer has been on, in milliseconds, in place of the system’s answer. */
  uptimeMs?: () => number;
}
