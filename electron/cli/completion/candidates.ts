import type { Argument, Command, Option } from 'commander';

/** A word that may follow, with what it means. */
interface Candidate {
  word: string;
  words?: string;
}

/** What the shell offers for the word under the cursor. */
export interface OfferedWords {
  candidates: Candidate[];
  /** Whether names of files fit, too, which the shell knows best. */
  isFile: boolean;
}

/** Names that only a running app or service knows. */
export interface KnownNames {
  hosts(): Promise<string[]>;
  tags(): Promise<string[]>;
}

const none: OfferedWords = { candidates: [], isFile: false };

/**
 * Finds what may stand at the last word of a command line.
 * @param program with every command
 * @param before words after the program's name, those that are finished
 * @param current the beginning of the word under the cursor
 */
export async function complete(
  program: Command,
  before: readonly string[],
  current: string,
  known: KnownNames,
): Promise<OfferedWords> {
  const { command, open, isOptionsEnd, given } = walk(program, before);
  if (open) return completeValue(open.attributeName(), valueKind(open.flags), open.argChoices, '', known);
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const inline = isOptionsEnd ? undefined : command.options.find(({ long }) => long === name);
  if (inline && value !== undefined)
    return completeValue(
      inline.attributeName(),
      valueKind(inline.flags),
      inline.argChoices,
      `${name}=`,
      known,
    );
  if (current.startsWith('-') && !isOptionsEnd) return { candidates: optionsOf(command), isFile: false };
  const commands = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), words: one.description() }));
  if (commands.length > 0) return { candidates: given === 0 ? commands : [], isFile: false };
  const argument = argumentAt(command, given);
  if (!argument) return none;
  return completeValue(argument.name(), argument.name(), argument.argChoices, '', known);
}

/** Follows the words to the command that they name. `open` is an option whose value comes next. */
function walk(program: Command, before: readonly string[]) {
  let command = program;
  let open: Option | undefined;
  let isOptionsEnd = false;
  let given = 0;
  for (const word of before) {
    if (open) open = undefined;
    else if (!isOptionsEnd && word === '--') isOptionsEnd = true;
    else if (!isOptionsEnd && word.startsWith('-'))
      open = command.options.find(
        ({ long, short, required }) => (long === word || short === word) && required,
      );
    else {
      const next = command.commands.find((one) => one.name() === word);
      if (next) [command, given] = [next, 0];
      else given += 1;
    }
  }
  return { command, open, isOptionsEnd, given };
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [{ word: long, words: description }] : []));
}

function argumentAt(command: Command, given: number): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[given] ?? (last?.variadic ? last : undefined);
}

/** `FILE` of `--ca <FILE>`. */
function valueKind(flags: string): string {
  return /[<[]([^<>[\]]+)[>\]]/.exec(flags)?.[1] ?? '';
}

/** What each kind of value is called in the descriptions of options and arguments. */
async function completeValue(
  attribute: string,
  kind: string,
  choices: readonly string[] | undefined,
  prefix: string,
  known: KnownNames,
): Promise<OfferedWords> {
  const words = (list: readonly string[]) => list.map((word) => ({ word: `${prefix}${word}` }));
  if (choices) return { candidates: words(choices), isFile: false };
  if (/^(FILE|DIR|PATH|COMMAND)/.test(kind)) return { candidates: [], isFile: true };
  if (/^TAG/.test(kind) || attribute === 'tag')
    return { candidates: words(await known.tags()), isFile: false };
  if (/^JOB/.test(kind)) return { candidates: words(await known.hosts()), isFile: false };
  // A host that `check` is given may be a certificate file as well.
  if (/^HOST\[/.test(kind)) return { candidates: words(await known.hosts()), isFile: true };
  return none;
}
