import { builtInCommands, commands } from './commands.ts';

/** What the installed program answers itself, without a window. */
const names = [...Object.keys(commands), ...builtInCommands];
const flags = ['--help', '-h', '--version', '-V'];

/**
 * Returns the command line among a program's arguments; null where it is to show its window. An installed app cannot run as Node
 * (its fuses see to that), so the desktop's program answers commands, too. What follows `--` is a command line in any case, so that a
 * misspelled command is refused: the commands on the PATH pass it. Without it only known commands count: systems start the program with
 * words of theirs (`-AppleLanguages (fr)`, a file that was dropped on it, a switch with a separate value).
 * @param argv as Node has it: the program first; where the app is not packed, its folder after it
 */
export function commandLine(argv: readonly string[], isPackaged: boolean): string[] | null {
  const words = argv.slice(1);
  const isCommand = (word: string) => names.includes(word) || flags.includes(word);
  if (isPackaged && words.includes('--')) return words.slice(words.indexOf('--') + 1);
  // Chromium's own switches may stand before it.
  const isFirst = (word: string) => !word.startsWith('-') || flags.includes(word);
  const start = words.findIndex(isPackaged ? isFirst : isCommand);
  return isCommand(words[start] ?? '') ? words.slice(start) : null;
}
