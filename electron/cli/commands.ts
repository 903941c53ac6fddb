import type { Command } from 'commander';
import type { Build } from './commands/serve.ts';

/** What a command is given. */
export interface CommandContext {
  build: Build;
  output: NodeJS.WriteStream;
  /** Takes the exit status, where it is not 0. */
  onStatus: (status: number) => void;
  /** Makes the program with every command, for its completion. */
  makeProgram: () => Promise<Command>;
}

interface CommandModule {
  /** Describes the command: its name, options, help and what it does. */
  command(context: CommandContext): Command;
}

/**
 * Every command, by its name. To add one, add its line here and its module in `commands/`; the packaged app and the help
 * follow. `check` is the full example, `status` the smallest. Modules load when a command line runs: the desktop only
 * asks for the names.
 */
export const commands: Readonly<Record<string, () => Promise<CommandModule>>> = {
  check: () => import('./commands/check-command.ts'),
  discover: () => import('./commands/discover-command.ts'),
  discoveries: () => import('./commands/discoveries/discoveries.ts'),
  files: () => import('./commands/files-command.ts'),
  sources: () => import('./commands/sources/sources.ts'),
  serve: () => import('./commands/serve-command.ts'),
  replay: () => import('./commands/replay-command.ts'),
  jobs: () => import('./commands/jobs/jobs.ts'),
  channels: () => import('./commands/channels/channels-command.ts'),
  report: () => import('./commands/report-command.ts'),
  export: () => import('./commands/export-command.ts'),
  import: () => import('./commands/import-command.ts'),
  status: () => import('./commands/status-command.ts'),
  complete: () => import('./commands/complete-command.ts'),
};

/** Names that commander answers without a module of ours. */
export const builtInCommands: readonly string[] = ['help'];
