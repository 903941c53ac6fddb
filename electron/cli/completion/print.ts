import { toOneLine } from '../../../shared/domain/plain-text.ts';
import { formatTarget } from '../../../shared/schema/target.ts';
import type { CommandContext } from '../commands.ts';
import { complete, type KnownNames, type OfferedWords } from './candidates.ts';

/** Who presses Tab waits for it. */
const maxWaitMs = 1_500;
/** More than this help no one who presses Tab. */
const maxNames = 1_000;

/**
 * Prints what may stand at the cursor for a shell's script.
 * @param words of the command line after the program's name; the last one is the word under the cursor after a plus
 */
export async function printCompletion(context: CommandContext, words: readonly string[]): Promise<void> {
  const current = (words.at(-1) ?? '').replace(/^\+/, '');
  const before = words.slice(0, -1);
  const program = await context.makeProgram();
  const known = namesOfService(before, current);
  context.output.write(asLines(await complete(program, before, current, known), current));
}

function asLines({ candidates, isFile }: OfferedWords, current: string): string {
  const fitting = candidates.filter(({ word }) => word.startsWith(current));
  const lines = fitting.map(({ word, words = '' }) => {
    const meaning = toOneLine(words);
    return meaning === '' ? toOneLine(word) : `${toOneLine(word)}\t${meaning}`;
  });
  return [...lines, ...(isFile ? [':files'] : [])].map((line) => `${line}\n`).join('');
}

/** Asks the app or service of the data folder that the command line names. Where none answers, no names are offered. */
function namesOfService(before: readonly string[], current: string): KnownNames {
  const at = before.indexOf('--data');
  const data = at === -1 ? undefined : before[at + 1];
  const value = current.replace(/^--[^=]*=/, '');
  const list = async () => {
    const { findRemote } = await import('../api-client.ts');
    const signal = AbortSignal.timeout(maxWaitMs);
    const { items } = await findRemote(data).jobs.list({ limit: maxNames, sort: 'urgency' }, { signal });
    return items;
  };
  const orNone = (names: Promise<string[]>) => names.catch((): string[] => []); // Tab never fails.
  return {
    hosts: () =>
      orNone(
        list().then((jobs) =>
          jobs.map(({ target }) => formatTarget(target)).filter((one) => one.startsWith(value)),
        ),
      ),
    tags: () => orNone(list().then((jobs) => [...new Set(jobs.flatMap(({ tags }) => tags))].sort())),
  };
}
