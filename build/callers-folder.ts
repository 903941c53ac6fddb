import { statSync } from 'node:fs';

/** Returns the folder in which a person called npm, which runs scripts in the project's own: paths on the command line are seen from it. */
export function callersFolder(environment: NodeJS.ProcessEnv): string {
  const { INIT_CWD: folder, npm_lifecycle_event: script } = environment;
  const isFolder =
    script !== undefined && folder && statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? folder : process.cwd();
}
