import { Command, Option } from 'commander';
import { nameFormats } from '../../../../shared/domain/discovery/name-formats.ts';
import { type FindState, findStates } from '../../../../shared/schema/saved-search.ts';
import {
  contextFor,
  type DataOption,
  type FormatOption,
  formatOption,
  subcommandsOf,
} from '../../command-group.ts';
import type { CommandContext } from '../../commands.ts';
import { collect, readNumber } from '../../options.ts';
import { withSearchOptions } from '../../search-options.ts';
import {
  addFinds,
  type ForgetOptions,
  forgetFinds,
  type IgnoreOptions,
  ignoreFinds,
  listFinds,
} from './finds.ts';
import {
  addSearch,
  editSearch,
  listSearches,
  removeSearch,
  runSearch,
  showSearch,
  stopSearch,
} from './run.ts';
import type { SearchFields } from './search-fields.ts';

/** `notafter discoveries …`: searches that the running app or service keeps and runs, and what they found. */
export function command({ output, onStatus }: CommandContext): Command {
  const discoveries = new Command('discoveries')
    .description('list, add and run saved searches, and review what they found')
    .exitOverride()
    .addHelpText(
      'after',
      `
A saved search runs by its schedule in the app or service, and sends one message about what is new, changed or vanished. What vanished was
missing in two complete runs in a row. Public addresses need notafter serve --allow-public-ranges, or your confirmation in the desktop app.
Exit status: 0; of run 1 if it failed or was stopped; 64 refused, 66 no such search or find, 69 nothing runs.

Examples:
  notafter discoveries add office 10.0.0.0/24 mail.corp --ports web,mail --schedule '0 3 * * 1'
  notafter discoveries add edge --from nginx:/etc/nginx/nginx.conf --add --tag edge
  notafter discoveries run office
  notafter discoveries finds office --state new
  notafter discoveries add-finds 7 9 --tag office
  notafter discoveries ignore 8
  notafter discoveries forget --state vanished --not-seen-for 30`,
    );
  const sub = subcommandsOf(discoveries);
  const on = contextFor(output);
  const which = '<SEARCH>';
  const whichWords = 'a saved search by its name or id';

  sub('list', 'list saved searches, oldest first')
    .addOption(formatOption())
    .action((options: DataOption & FormatOption) => listSearches(on(options), options));
  sub('show', 'show a saved search and its last run')
    .argument(which, whichWords)
    .addOption(formatOption())
    .action((word: string, options: DataOption & FormatOption) => showSearch(on(options), word, options));
  withFields(
    sub('add', 'save a search')
      .argument('<NAME>', 'display name')
      .argument('[TARGET...]', 'networks, ranges, addresses and host names, as for notafter discover'),
  )
    .option('--dry-run', 'print the plan without sending or saving anything', false)
    .action((name: string, targets: string[], options: DataOption & SearchFields) =>
      addSearch(on(options), name, targets, options),
    );
  withFields(sub('edit', 'edit a saved search').argument(which, whichWords))
    .option('--name <NAME>', 'new name')
    .option('--target <TARGET>', 'new targets; may be repeated', collect)
    .action((word: string, options: DataOption & SearchFields) => editSearch(on(options), word, options));
  sub('remove', 'delete a saved search, its runs and its finds')
    .alias('delete')
    .argument(which, whichWords)
    .action((word: string, options: DataOption) => removeSearch(on(options), word));
  sub('run', 'run a saved search now, and wait for its end')
    .argument(which, whichWords)
    .option('--no-wait', 'return as soon as it has started')
    .action(async (word: string, options: DataOption & { wait: boolean }) =>
      onStatus(await runSearch(on(options), word, options)),
    );
  sub('stop', 'stop the run of a saved search')
    .argument(which, whichWords)
    .action((word: string, options: DataOption) => stopSearch(on(options), word));
  sub('finds', 'list what a saved search found')
    .alias('review')
    .argument('[SEARCH]', 'a saved search by its name or id; all of them if left out')
    .addOption(new Option('--state <STATE>', 'only finds in this state').choices(findStates))
    .option('--search <WORDS>', 'only finds whose address, names, subject or issuer contains these words')
    .addOption(formatOption())
    .action(
      (
        word: string | undefined,
        options: DataOption & FormatOption & { state?: FindState; search?: string },
      ) => listFinds(on(options), word, options),
    );
  sub('add-finds', 'add a job for each of some finds')
    .argument('<ID...>', 'ids of finds')
    .option('--tag <TAG>', 'tag for the jobs, beside those of their searches; may be repeated', collect, [])
    .action((ids: string[], options: DataOption & { tag: string[] }) =>
      addFinds(on(options), ids, options.tag),
    );
  sub('ignore', 'ignore finds, by their ids or by where they are')
    .argument('[ID...]', 'ids of finds')
    .option(
      '--rule <X>',
      'finds that are there at a range, a host, HOST:PORT, :PORT or *.NAME; may be repeated',
      collect,
    )
    .option('--of <SEARCH>', 'only finds of this search')
    .option('--undo', 'stop ignoring them', false)
    .action((ids: string[], options: DataOption & IgnoreOptions) => ignoreFinds(on(options), ids, options));
  sub('forget', 'delete finds; those that are still there are found again as new')
    .argument('[ID...]', 'ids of finds')
    .option('--of <SEARCH>', 'only finds of this search')
    .addOption(new Option('--state <STATE>', 'only finds in this state').choices(findStates))
    .option(
      '--not-seen-for <DAYS>',
      'only finds that no run has seen for so many days',
      readNumber('DAYS', 0, 36_500),
    )
    .action((ids: string[], options: DataOption & ForgetOptions) => forgetFinds(on(options), ids, options));
  return discoveries;
}

function withFields(parent: Command): Command {
  const fileWords = `file to read hosts from at each run; FORMAT is auto, ${nameFormats.join(', ')}; may be repeated`;
  return withSearchOptions(parent, fileWords, null)
    .option('--watched', 'search the names in the certificates of watched hosts, too')
    .option('--no-reverse-dns', 'request no names that DNS has for an address')
    .option('--schedule <WHEN>', 'when to run it: minutes, a cron pattern, or off')
    .option('--hours <FROM-TO>', 'hours of the day in which it may run, such as 22:00-06:00, or any')
    .option('--timezone <ZONE>', 'time zone of a cron pattern and of the hours')
    .option('--add', 'add a job for each new find')
    .option('--no-add', 'list new finds for review')
    .option('--tag <TAG>', 'tag for jobs that it adds; may be repeated', collect)
    .option('--notify', 'send one message after a run that found, changed or lost something')
    .option('--no-notify', 'send no message');
}
