import { Command, Option } from 'commander';
import { watchedRoles } from '../../../../shared/schema/source.ts';
import {
  contextFor,
  type DataOption,
  type FormatOption,
  formatOption,
  subcommandsOf,
} from '../../command-group.ts';
import type { CommandContext } from '../../commands.ts';
import { collect, readNumber } from '../../options.ts';
import {
  addSource,
  editSource,
  ignoreEntries,
  listEntries,
  listSources,
  removeSource,
  type SourceFields,
  scanSource,
} from './run.ts';

/** `notafter sources …`: folders, files and stores of a running app or service whose certificates it watches. */
export function command({ output, onStatus }: CommandContext): Command {
  const sources = new Command('sources')
    .description('list, add and edit sources: folders, files and stores whose certificates are watched')
    .exitOverride()
    .addHelpText(
      'after',
      `
Each certificate of a source has a job, which outlives its renewals. Paths are of the machine that NotAfter runs on.
Exit status: 0; of scan 1 where a file cannot be read; 64 refused, 66 no such source, 69 nothing runs.

Examples:
  notafter sources add letsencrypt /etc/letsencrypt/live --tag web
  notafter sources add haproxy '/etc/haproxy/certs/*.pem' /etc/ssl/private --dry-run
  notafter sources add keystores /opt/app/conf --passphrase '**/*.p12=/opt/app/secret'
  notafter sources entries letsencrypt
  notafter sources ignore letsencrypt 0a1b2c3d4e5f`,
    );
  const sub = subcommandsOf(sources);
  const on = contextFor(output);
  const which = '<SOURCE>';
  const whichWords = 'a source by its name or id';

  sub('list', 'list sources, the oldest first')
    .addOption(formatOption())
    .action((options: DataOption & FormatOption) => listSources(on(options), options));
  withFields(
    sub('add', 'add a source and watch its certificates')
      .argument('<NAME>', 'display name')
      .argument(
        '<PATH...>',
        'files, folders and quoted globs; certificate stores of Windows; keychains of macOS',
      ),
  )
    .addOption(
      new Option('--kind <KIND>', 'kind of the paths')
        .choices(['files', 'windows-store', 'macos-keychain'])
        .default('files'),
    )
    .option('--dry-run', 'preview what would be found without changing anything', false)
    .action((name: string, paths: string[], options: DataOption & SourceFields) =>
      addSource(on(options), name, paths, options),
    );
  withFields(sub('edit', 'edit a source').argument(which, whichWords))
    .option('--name <NAME>', 'another name')
    .option('--path <PATH>', 'new paths; may be repeated', collect)
    .action((word: string, options: DataOption & SourceFields) => editSource(on(options), word, options));
  sub('remove', 'delete a source, its jobs and their history')
    .argument(which, whichWords)
    .action((word: string, options: DataOption) => removeSource(on(options), word));
  sub('scan', 'scan a source now')
    .argument(which, whichWords)
    .action(async (word: string, options: DataOption) => onStatus(await scanSource(on(options), word)));
  sub('entries', 'list the certificates of a source')
    .argument(which, whichWords)
    .addOption(formatOption())
    .action((word: string, options: DataOption & FormatOption) => listEntries(on(options), word, options));
  sub('ignore', 'ignore certificates of a source, which deletes their jobs')
    .argument(which, whichWords)
    .argument('<ENTRY...>', 'entry ids')
    .option('--undo', 'stop ignoring them', false)
    .action((word: string, ids: string[], options: DataOption & { undo: boolean }) =>
      ignoreEntries(on(options), word, ids, !options.undo),
    );
  return sources;
}

function withFields(parent: Command): Command {
  return parent
    .option('--exclude <GLOB>', 'leave out these paths; may be repeated', collect)
    .addOption(
      new Option('--role <ROLE>', 'which certificates to watch; may be repeated')
        .choices(watchedRoles)
        .argParser(collect),
    )
    .addOption(
      new Option('--links <LINKS>', 'which symbolic links to follow').choices(['files', 'all', 'none']),
    )
    .option('--depth <N>', 'number of folder levels to scan', readNumber('N', 1, 32, true))
    .option(
      '--passphrase <GLOB=FILE>',
      'file with the passphrase for matching files; may be repeated',
      collect,
    )
    .option('--forget <DAYS>', 'days to keep certificates that are gone', readNumber('DAYS', 0, 365, true))
    .option('--tag <TAG>', 'tag for its jobs; may be repeated; an empty one removes all tags', collect);
}
