import type { Rolldown } from 'vite';

/**
 * Puts everything that a program imports before its first line runs into two chunks, so that a start reads few files: what its worker
 * threads import as well, and the rest, which may need Electron. What is imported later stays in chunks of the bundler's choice.
 * @param program path of its source
 * @param threads paths of the threads' sources
 */
export function startChunks(program: string, threads: readonly string[]): Rolldown.CodeSplittingNameFunction {
  let atStart: Set<string> | undefined;
  let inThreads: Set<string> | undefined;
  return (id, context) => {
    const importsOf = (path: string) => context.getModuleInfo(path)?.importedIds ?? [];
    atStart ??= importedBy([program], importsOf);
    inThreads ??= importedBy(threads, importsOf);
    if (id === program || threads.includes(id) || !atStart.has(id)) return null;
    return inThreads.has(id) ? 'start-and-threads' : 'start';
  };
}

/** Returns the modules that load with some, themselves among them. */
function importedBy(entries: readonly string[], importsOf: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...importsOf(id));
  }
  return found;
}
