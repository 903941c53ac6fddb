import { writeSync } from 'node:fs';
import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';
import { forLogLines, forTerminal } from '../../shared/text/foreign-text.ts';
import { asCommandError } from './api-client.ts';
import { type Build, DataFolderError } from './commands/serve.ts';
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

/** Makes the program with every command of the table, its help and its completion. */
export async function makeProgram(context: CommandContext): Promise<Command> {
  const program = new Command('notafter')
    .description('Watches TLS certificates and warns before they expire.')
    .version(context.build.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const module of await Promise.all(Object.values(commands).map((load) => load())))
    program.addCommand(module.command(context));
  program.addHelpText(
    'after',
    `
Completion: notafter complete bash | zsh | fish | powershell prints a script for your shell, such as
  source <(notafter complete bash)
`,
  );
  tab(program);
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
    const program = await makeProgram({ build, output: process.stdout, onStatus });
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return explain(asCommandError(error));
  }
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
    `notafter: a fault of its own\n${forLogLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
  );
  return faultStatus;
}

/** `notafter check … | head` ends the reader first, which is no fault; a full disk is said in a sentence. */
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
