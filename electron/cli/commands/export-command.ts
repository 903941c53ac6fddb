import { Command } from 'commander';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';

/** Describes `notafter export`. */
export function command({ output }: CommandContext): Command {
  return new Command('export')
    .description(
      'export all settings, channels, sources and jobs without secrets, to move to another machine',
    )
    .option('--output <FILE>', 'output file (default: standard output)')
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nSettings, tag rules, channels, heartbeats, sources, accepted problems and jobs. What is not exported is named.\nExit status: 0; 64 refused, 69 nothing runs.\n\nExamples:\n  notafter export --output notafter-export.json',
    )
    .exitOverride()
    .action(async ({ data, output: path }: { data?: string; output?: string }) => {
      const [{ findRemote }, { exportAll }] = await Promise.all([
        import('../api-client.ts'),
        import('./transfer/run.ts'),
      ]);
      return exportAll({ remote: findRemote(data), output }, path);
    });
}
