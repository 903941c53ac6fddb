import { Command } from 'commander';
import type { CommandContext } from '../commands.ts';
import { completionScripts, type Shell } from '../completion/scripts.ts';
import { UsageError } from '../exit-status.ts';

const shells = Object.keys(completionScripts);

/** Describes `notafter complete`. */
export function command(context: CommandContext): Command {
  return new Command('complete')
    .description('print a script by which your shell completes commands, options, files, tags and hosts')
    .argument('[WORDS...]', 'bash, zsh, fish or powershell; or, after --, what a script asks for')
    .addHelpText(
      'after',
      `
Examples:
  source <(notafter complete bash)
  notafter complete fish > ~/.config/fish/completions/notafter.fish`,
    )
    .exitOverride()
    .action(async (words: string[]) => {
      // A script marks the word under the cursor by a plus.
      if (!words.at(-1)?.startsWith('+')) return void context.output.write(scriptFor(words));
      const { printCompletion } = await import('../completion/print.ts');
      await printCompletion(context, words);
    });
}

function scriptFor(words: readonly string[]): string {
  const [shell = ''] = words;
  if (words.length !== 1 || !Object.hasOwn(completionScripts, shell))
    throw new UsageError(`Name one shell: ${shells.join(', ')}.`);
  // SAFETY: it is a key, by the line before.
  return completionScripts[shell as Shell];
}
