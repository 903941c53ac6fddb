import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a command and returns what it printed. @throws where it cannot be run, or fails */
export type RunCommand = (command: string, args: readonly string[]) => Promise<string>;

const execute = promisify(execFile);
const maxAnswerMs = 2_000;

/** Runs a short command of the system, for two seconds at most. */
export const runCommand: RunCommand = async (command, args) =>
  (await execute(command, args, { timeout: maxAnswerMs })).stdout;
