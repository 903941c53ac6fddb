import { Command } from 'commander';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';

/** Describes `notafter status`. */
export function command({ output }: CommandContext): Command {
  return new Command('status')
    .description('show the state of the running app or service')
    .addOption(dataOption())
    .option('--json', 'print it as JSON', false)
    .addHelpText(
      'after',
      '\nExit status: 0, or 69 if NotAfter is not running.\n\nExamples:\n  notafter status\n  notafter status --data ./watch --json',
    )
    .exitOverride()
    .action(async ({ data, json }: { data?: string; json: boolean }) => {
      const [{ findRemote }, { printStatus }] = await Promise.all([
        import('../api-client.ts'),
        import('./jobs/list.ts'),
      ]);
      return printStatus({ remote: findRemote(data), output }, json);
    });
}
