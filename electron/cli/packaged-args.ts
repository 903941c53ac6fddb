import { builtInCommands, commands } from './commands.ts';

/** What the installed program answers itself, without a window. */
const names = [...Object.keys(commands), ...builtInCommands];
const flags = ['--help', '-h', '--version', '-V'];

/**
 * The command line among a program's arguments; null where it is to show its window. An installed app cannot run as Node
 * (its fuses see to that), so the desktop's program answers commands, too.
 * @param argv as Node has it: the program first; where the app is not packed, its folder after it
 */
export function commandLine(argv: readonly string[], isPackaged: boolean): string[] | null {
  const words = argv.slice(1);
  // Chromium's own switches may stand before it.
  const isFirst = (word: string) => !word.startsWith('-') || flags.includes(word);
  const isCommand = (word: string) => names.includes(word) || flags.includes(word);
  const start = words.findIndex(isPackaged ? isFirst : isCommand);
  const first = words[start];
  if (first === undefined) return null;
  // A misspelt command is refused there, with the one that was meant; addresses are for the window.
  return isCommand(first) || (isPackaged && !first.includes('://')) ? words.slice(start) : null;
}
