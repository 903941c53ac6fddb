import { Command, Help, type Option } from 'commander';
import { forTerminal } from '../../shared/text/foreign-text.ts';
import { type CommandContext, commands } from './commands.ts';

/**
 * Makes the program with the command that is named first; where that is none, with every one of the table, for its help, its
 * completion and its manual page. What a command needs is loaded when it runs.
 */
export async function makeProgram(
  context: CommandContext,
  [first = '', ...more]: readonly string[] = [],
): Promise<Command> {
  const program = new Command('notafter')
    .description('Watches TLS certificates and warns before they expire.')
    .version(context.build.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const isVersion = more.length === 0 && /^(-V|--version)$/.test(first);
  if (isVersion) return program;
  const named = Object.hasOwn(commands, first) ? [commands[first]] : Object.values(commands);
  for (const module of await Promise.all(named.map((load) => load?.())))
    if (module) program.addCommand(module.command(context));
  program.addHelpText(
    'after',
    `
Exit status: 0; 64 for a usage error; 69 if NotAfter is not running; 70 for an internal error; 73 if the data folder cannot be used;
74 if the output cannot be written. The help of each command lists others.

Completion: notafter complete bash | zsh | fish | powershell prints a script for your shell, such as
  source <(notafter complete bash)
`,
  );
  setOutput(program);
  return program;
}

/** Gives a command and those below it one form of errors and of descriptions: commander copies neither to commands made elsewhere. */
function setOutput(command: Command): void {
  command
    .configureOutput({ outputError: (text, write) => write(errorLine(text)) })
    .configureHelp({ ...command.configureHelp(), optionDescription });
  for (const one of command.commands) setOutput(one);
}

/** Returns an error of commander (`error: unknown option '--x'`, then a hint in brackets) as this program writes its own. */
function errorLine(text: string): string {
  const [first = '', ...more] = text.trim().split('\n');
  const words = first.replace(/^error: /, '');
  const hint = more.map((line) => line.replace(/^\((.*)\)$/, '$1')).join(' ');
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const end = /[.?!:]$/.test(sentence) ? '' : '.';
  return `notafter: ${forTerminal(`${sentence}${end}${hint === '' ? '' : ` ${hint}`}`)}\n`;
}

/** Describes an option without the defaults that say nothing: an empty list, and `false` for what is off unless it is named. */
function optionDescription(this: Help, option: Option): string {
  const { defaultValue } = option;
  const saysNothing = defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0);
  // SAFETY: a copy with the prototype of an option is an option.
  const shown = saysNothing
    ? (Object.assign(Object.create(Object.getPrototypeOf(option)), option, {
        defaultValue: undefined,
      }) as Option)
    : option;
  return Help.prototype.optionDescription.call(this, shown);
}
