import { writeSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { forLogLines, forTerminal } from '../../shared/text/foreign-text.ts';
import { DataFolderError } from '../engine/store/data-folder-error.ts';
import type { Build } from './commands/serve.ts';
import { type CommandContext, commands } from './commands.ts';
import {
  cannotCreateStatus,
  faultStatus,
  NoSuchJobError,
  NotRunningError,
  noSuchJobStatus,
  notRunningStatus,
  outputStatus,
  UsageError,
  usageStatus,
} from './exit-status.ts';

/**
 * Makes the program with the command that is named first; where that is none, with every one of the table, for its help and its
 * completion. What a command needs is loaded when it runs.
 */
export async function makeProgram(
  context: CommandContext,
  [first = '', ...more]: readonly string[] = [],
): Promise<Command> {
  const program = new Command('notafter')
    .description('Watches TLS certificates and warns before they expire.')
    .version(context.build.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const isVersion = more.length === 0 && /^(-V|--version)$/.test(first);
  if (isVersion) return program;
  const named = Object.hasOwn(commands, first) ? [commands[first]] : Object.values(commands);
  for (const module of await Promise.all(named.map((load) => load?.())))
    if (module) program.addCommand(module.command(context));
  program.addHelpText(
    'after',
    `
Completion: notafter complete bash | zsh | fish | powershell prints a script for your shell, such as
  source <(notafter complete bash)
`,
  );
  // It completes every command, and is a command itself.
  if (named.length > 1) (await import('@bomb.sh/tab/commander')).default(program);
  return program;
}

/**
 * Runs the command line.
 * @param args what follows the program's name
 * @returns the exit status: of `check` the worst result, 64 for a usage error, 66 for a job that is not there, 69 where no
 * NotAfter runs, 70 for a fault of NotAfter's own, 73 where the data folder cannot be used
 */
export async function runCli(args: readonly string[], build: Build): Promise<number> {
  quietBrokenPipes();
  let status = 0;
  const onStatus = (result: number) => {
    status = result;
  };
  try {
    const program = await makeProgram({ build, output: process.stdout, onStatus }, args);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (isOfCommandLine(error)) return explain(error);
    const { asCommandError } = await import('./api-client.ts');
    return explain(asCommandError(error));
  }
}

/** Whether an error is one of the command line's own. Recognizes errors of a service without loading its client. */
function isOfCommandLine(error: unknown): boolean {
  return error instanceof CommanderError || error instanceof UsageError || error instanceof DataFolderError;
}

/** Says what went wrong on standard error, unless commander has, and gives the exit status for it. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
  if (error instanceof UsageError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return usageStatus;
  }
  if (error instanceof NoSuchJobError || error instanceof NotRunningError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return error instanceof NoSuchJobError ? noSuchJobStatus : notRunningStatus;
  }
  if (error instanceof DataFolderError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return cannotCreateStatus;
  }
  process.stderr.write(
    `notafter: internal error\n${forLogLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
  );
  return faultStatus;
}

/** `notafter check … | head` closes the pipe early, which is not an error; a full disk is reported. */
function quietBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      // Standard error may be on the same disk: then the status alone tells.
      if (stream === process.stdout)
        writeSync(2, `notafter: the output cannot be written (${error.code ?? error.message}).\n`);
      process.exit(outputStatus);
    });
  }
}
