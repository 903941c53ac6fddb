import { Command, Option } from 'commander';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';
import { UsageError } from '../exit-status.ts';
import { collect } from '../options.ts';
import type { FilesOptions } from './files.ts';
import type { KnownOptions } from './known.ts';

/** Describes `notafter files`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('files')
    .description('identify files and list the certificates in them')
    .argument('[PATH...]', 'files, folders, or quoted globs')
    .option('--exclude <GLOB>', 'leave out these paths; may be repeated', collect, [])
    .option('--passphrase-file <FILE>', 'file with the passphrase of PKCS#12 files')
    .addOption(
      new Option('--format <FORMAT>', 'how they are printed').choices(['table', 'json']).default('table'),
    )
    .option('--known', 'list the well-known certificate locations on this machine', false)
    .option('--add', 'with --known: add each as a source to the running app or service', false)
    .addOption(dataOption('with --add: data folder (default: that of the desktop app)'))
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
      if (paths.length === 0) throw new UsageError('Enter files or folders, or use --known.');
      const { runFiles } = await import('./files.ts');
      onStatus(await runFiles(paths, options, output));
    });
}
