import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { forLogLines, forTerminal } from '../../shared/text/foreign-text.ts';
import { DataFolderError } from '../engine/store/data-folder-error.ts';
import type { Build } from './commands/serve.ts';
import type { CommandContext } from './commands.ts';
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
import { makeProgram } from './program.ts';

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
    const context: CommandContext = {
      build,
      output: process.stdout,
      onStatus,
      makeProgram: () => makeProgram(context),
    };
    const program = await makeProgram(context, args);
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
