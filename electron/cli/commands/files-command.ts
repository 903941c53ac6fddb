import { Command, Option } from 'commander';
import type { CommandContext } from '../commands.ts';
import { collect } from '../options.ts';
import type { FilesOptions } from './files.ts';

/** Describes `notafter files`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('files')
    .description('say what files are and which certificates they hold, without judging them')
    .argument('<PATH...>', 'files, folders, or globs in quotes')
    .option('--exclude <GLOB>', 'leave these paths of folders out; may be repeated', collect, [])
    .option('--passphrase-file <FILE>', 'file with the passphrase of PKCS#12 files')
    .addOption(
      new Option('--format <FORMAT>', 'how they are printed').choices(['table', 'json']).default('table'),
    )
    .addHelpText(
      'after',
      `
Exit status: 0, or 1 where a file cannot be read; 64 for a usage error.

Examples:
  notafter files /etc/ssl/private ~/certs
  notafter files /etc/ssl/certs/java/cacerts --format json
  notafter files '/etc/letsencrypt/live/**/*.pem'`,
    )
    .exitOverride()
    .action(async (paths: string[], options: FilesOptions) => {
      const { runFiles } = await import('./files.ts');
      onStatus(await runFiles(paths, options, output));
    });
}
