import { Command, Option } from 'commander';
import type { CommandContext } from '../commands.ts';
import { UsageError } from '../exit-status.ts';
import { collect } from '../options.ts';
import type { FilesOptions } from './files.ts';
import type { KnownOptions } from './known.ts';

/** Describes `notafter files`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('files')
    .description('say what files are and which certificates they hold, without judging them')
    .argument('[PATH...]', 'files, folders, or globs in quotes')
    .option('--exclude <GLOB>', 'leave these paths of folders out; may be repeated', collect, [])
    .option('--passphrase-file <FILE>', 'file with the passphrase of PKCS#12 files')
    .addOption(
      new Option('--format <FORMAT>', 'how they are printed').choices(['table', 'json']).default('table'),
    )
    .option('--known', 'list the well-known places of certificates that are here', false)
    .option('--add', 'with --known: make a source of each in the running app or service', false)
    .option('--data <DIR>', 'with --add: data folder; the desktop app’s own unless given')
    .addHelpText(
      'after',
      `
Exit status: 0, or 1 where a file cannot be read; 64 for a usage error.

Examples:
  notafter files /etc/ssl/private ~/certs
  notafter files /etc/ssl/certs/java/cacerts --format json
  notafter files '/etc/letsencrypt/live/**/*.pem'
  notafter files --known --add`,
    )
    .exitOverride()
    .action(async (paths: string[], options: FilesOptions & KnownOptions) => {
      if (options.known) {
        const { runKnown } = await import('./known.ts');
        await runKnown(options, output);
        return;
      }
      if (paths.length === 0) throw new UsageError('Name files or folders, or say --known.');
      const { runFiles } = await import('./files.ts');
      onStatus(await runFiles(paths, options, output));
    });
}
