import { Command } from 'commander';
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
Completion: notafter complete bash | zsh | fish | powershell prints a script for your shell, such as
  source <(notafter complete bash)
`,
  );
  return program;
}
