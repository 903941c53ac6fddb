import { writeSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
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
  OutputError,
  outputStatus,
  UsageError,
  usageStatus,
} from './exit-status.ts';
import { FieldsError, fieldSentence } from './field-options.ts';
import { makeProgram } from './program.ts';

/**
 * Runs the command line.
 * @param args what follows the program's name
 * @returns the exit status: that of the command (docs/command-line.md), 64 for a usage error, 66 for a job that is not there, 69 where no
 * NotAfter runs, 70 for an internal error, 73 where the data folder cannot be used
 */
export async function runCli(args: readonly string[], build: Build): Promise<number> {
  quietBrokenPipes();
  let status = 0;
  let ran: Command | undefined;
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
    program.hook('preAction', (_program, command) => {
      ran = command;
    });
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (isOfCommandLine(error)) return explain(error, ran);
    const { asCommandError } = await import('./api-client.ts');
    return explain(asCommandError(error), ran);
  }
}

/** Whether an error is one of the command line's own. Recognizes errors of a service without loading its client. */
function isOfCommandLine(error: unknown): boolean {
  const kinds = [CommanderError, UsageError, FieldsError, DataFolderError, OutputError];
  return kinds.some((kind) => error instanceof kind);
}

/** Says what went wrong on standard error, unless commander has, and gives the exit status for it. */
function explain(error: unknown, command: Command | undefined): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
  if (error instanceof FieldsError) {
    // Two rules of one field may refuse it in the same words.
    const sentences = new Set(error.issues.map((issue) => fieldSentence(issue, command)));
    process.stderr.write(`notafter: ${forTerminal([...sentences].join(' '))}\n`);
    return usageStatus;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return usageStatus;
  }
  if (error instanceof OutputError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return outputStatus;
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
