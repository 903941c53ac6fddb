import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a command is a program that can be run, by its path or on the PATH. Windows finds programs by rules of its shell: there it may be any. */
export function canRun(
  command: string,
  { PATH = '' }: NodeJS.ProcessEnv,
  platform = process.platform,
): boolean {
  if (platform === 'win32') return true;
  const places = command.includes('/')
    ? [command]
    : PATH.split(delimiter).map((folder) => join(folder, command));
  return places.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false; // Missing here, or not to be run.
    }
  });
}
