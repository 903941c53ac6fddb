import { join } from 'node:path';
import type { Rolldown } from 'vite';
import { threads } from './threads.ts';

/** Modules that load while someone waits, each by a letter: programs, and the commands of the command line that do most. */
const programs: Readonly<Record<string, string>> = {
  d: 'electron/main.ts',
  r: 'electron/cli/run.ts',
  c: 'electron/cli/commands/check.ts',
  s: 'electron/cli/commands/serve.ts',
};
/** The table that imports every other command when it is called. */
const commandTable = 'electron/cli/commands.ts';

/**
 * Returns the name of the chunk for each module that a program, command or thread imports before its first line runs. Modules that the same
 * of them import are in one chunk: a start reads few files, and nothing that it does not need. What a module imports is imported by all
 * that import the module, so no two of these chunks import each other. What needs Electron is in a separate chunk:
 * everything else also runs without. Null: the module's chunk is the bundler's choice.
 * @param root folder of the sources
 */
export function startGroups(root: string): Rolldown.CodeSplittingNameFunction {
  const ofRoot = (path: string) => join(root, path);
  const starts = [...Object.values(programs), ...Object.values(threads)].map(ofRoot);
  const entries = new Set([...starts, ofRoot('electron/notafter.ts')]);
  let imported: [letters: string, modules: Set<string>][] | undefined;
  return (id, context) => {
    const importsOf = (path: string) => context.getModuleInfo(path)?.importedIds ?? [];
    const commands = () => context.getModuleInfo(ofRoot(commandTable))?.dynamicallyImportedIds ?? [];
    imported ??= [...new Set([...starts, ...commands()])].map((path, index) => [
      Object.keys(programs)[index] ?? index.toString(36).toUpperCase(),
      importedBy(path, importsOf),
    ]);
    const letters = imported.flatMap(([letter, modules]) => (modules.has(id) ? [letter] : []));
    if (entries.has(id) || letters.length === 0) return null;
    const needsElectron = letters.length === 1 && importedBy(id, importsOf).has('electron');
    return `start-${letters.join('')}${needsElectron ? '-electron' : ''}`;
  };
}

/** Returns the modules that load with one, itself among them. */
function importedBy(entry: string, importsOf: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...importsOf(id));
  }
  return found;
}
