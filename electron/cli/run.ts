import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { forLogLines, forTerminal } from '../../shared/text/foreign-text.ts';
import { DataFolderError } from '../engine/store/data-folder-error.ts';
import type { Build } from './commands/serve.ts';
import type { CommandContext } from './commands.ts';
import {
  brokenPipeStatus,
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

/**
 * Ends quietly where the reader of the output goes away (`notafter check … | head`), with the status that shells give for it, never 0: what
 * was found was not printed whole. A full disk is reported. Where standard error fails there is no one to tell, and the work goes on.
 */
function quietBrokenPipes(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(brokenPipeStatus);
    try {
      writeSync(2, `notafter: the output cannot be written (${error.code ?? error.message}).\n`);
    } catch {
      // Standard error is on the same disk: the status alone tells.
    }
    process.exit(outputStatus);
  });
}
