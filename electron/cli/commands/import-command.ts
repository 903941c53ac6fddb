import { Command } from 'commander';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';

/** Describes `notafter import`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('import')
    .description('import a file of notafter export; previews the changes without --yes')
    .argument('<FILE>', 'file to read; - reads standard input')
    .option('--yes', 'apply the changes', false)
    .option('--json', 'print the report as JSON', false)
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nSettings replace those of this machine, and entries of lists those of the same name. Nothing is deleted.\nExit status: 0; 1 where something is left out; 64 refused, 69 nothing runs.\n\nExamples:\n  notafter import notafter-export.json\n  notafter import notafter-export.json --yes',
    )
    .exitOverride()
    .action(async (path: string, { data, ...options }: { data?: string; yes: boolean; json: boolean }) => {
      const [{ findRemote }, { importAll }] = await Promise.all([
        import('../api-client.ts'),
        import('./transfer/run.ts'),
      ]);
      onStatus(await importAll({ remote: findRemote(data), output }, path, options));
    });
}
