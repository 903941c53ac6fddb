import { Command, Option } from 'commander';
import { nameFormats } from '../../../../shared/domain/discovery/name-formats.ts';
import { type FindState, findStates } from '../../../../shared/schema/saved-search.ts';
import { findRemote } from '../../api-client.ts';
import type { CommandContext } from '../../commands.ts';
import { collect, readNumber } from '../../options.ts';
import type { JobsContext } from '../jobs/find.ts';
import { addFinds, ignoreFinds, listFinds } from './finds.ts';
import {
  addSearch,
  editSearch,
  listSearches,
  removeSearch,
  runSearch,
  type SearchFields,
  showSearch,
  stopSearch,
} from './run.ts';

interface Data {
  data?: string;
}
type Format = { format: 'table' | 'json' };

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
Exit status: 0; of run 1 if it failed or was stopped; 64 refused, 66 no such search, 69 nothing runs.

Examples:
  notafter discoveries add office 10.0.0.0/24 mail.corp --ports web,mail --schedule '0 3 * * 1'
  notafter discoveries add edge --from nginx:/etc/nginx/nginx.conf --add --tag edge
  notafter discoveries run office
  notafter discoveries finds office --state new
  notafter discoveries add-finds 7 9 --tag office
  notafter discoveries ignore 8`,
    );
  const sub = (name: string, description: string) =>
    discoveries
      .command(name)
      .description(description)
      .option('--data <DIR>', 'data folder (default: that of the desktop app)')
      .exitOverride();
  const on = ({ data }: Data): JobsContext => ({ remote: findRemote(data), output });
  const format = () =>
    new Option('--format <FORMAT>', 'output format').choices(['table', 'json']).default('table');
  const which = '<SEARCH>';
  const whichWords = 'a saved search by its name or id';

  sub('list', 'list saved searches, oldest first')
    .addOption(format())
    .action((options: Data & Format) => listSearches(on(options), options));
  sub('show', 'show a saved search and its last run')
    .argument(which, whichWords)
    .addOption(format())
    .action((word: string, options: Data & Format) => showSearch(on(options), word, options));
  withFields(
    sub('add', 'save a search')
      .argument('<NAME>', 'display name')
      .argument('[TARGET...]', 'networks, ranges, addresses and host names, as for notafter discover'),
  )
    .option('--dry-run', 'print the plan without sending or saving anything', false)
    .action((name: string, targets: string[], options: Data & SearchFields) =>
      addSearch(on(options), name, targets, options),
    );
  withFields(sub('edit', 'edit a saved search').argument(which, whichWords))
    .option('--name <NAME>', 'new name')
    .option('--target <TARGET>', 'new targets; may be repeated', collect)
    .action((word: string, options: Data & SearchFields) => editSearch(on(options), word, options));
  sub('remove', 'delete a saved search, its runs and its finds')
    .alias('delete')
    .argument(which, whichWords)
    .action((word: string, options: Data) => removeSearch(on(options), word));
  sub('run', 'run a saved search now, and wait for its end')
    .argument(which, whichWords)
    .option('--no-wait', 'return as soon as it has started')
    .action(async (word: string, options: Data & { wait: boolean }) =>
      onStatus(await runSearch(on(options), word, options)),
    );
  sub('stop', 'stop the run of a saved search')
    .argument(which, whichWords)
    .action((word: string, options: Data) => stopSearch(on(options), word));
  sub('finds', 'list what a saved search found')
    .alias('review')
    .argument('[SEARCH]', 'a saved search by its name or id; all of them if left out')
    .addOption(new Option('--state <STATE>', 'only finds in this state').choices(findStates))
    .option('--search <WORDS>', 'only finds whose address, names, subject or issuer contains these words')
    .addOption(format())
    .action((word: string | undefined, options: Data & Format & { state?: FindState; search?: string }) =>
      listFinds(on(options), word, options),
    );
  sub('add-finds', 'add a job for each of some finds')
    .argument('<ID...>', 'ids of finds')
    .option('--tag <TAG>', 'tag for the jobs; may be repeated', collect, [])
    .action((ids: string[], options: Data & { tag: string[] }) => addFinds(on(options), ids, options.tag));
  sub('ignore', 'ignore finds')
    .argument('<ID...>', 'ids of finds')
    .option('--undo', 'stop ignoring them', false)
    .action((ids: string[], options: Data & { undo: boolean }) =>
      ignoreFinds(on(options), ids, !options.undo),
    );
  return discoveries;
}

function withFields(parent: Command): Command {
  return parent
    .option('--ports <LIST>', 'ports, ranges of ports, or sets: usual, web, mail, infra, databases')
    .option(
      '--exclude <X>',
      'leave out a range, a host, HOST:PORT, :PORT or *.NAME; may be repeated',
      collect,
    )
    .option(
      '--names <LIST>',
      'names to request at every address: a,b or a file with one per line; may be repeated',
      collect,
    )
    .option(
      '--from <FORMAT:FILE>',
      `file to read hosts from at each run; FORMAT is auto, ${nameFormats.join(', ')}; may be repeated`,
      collect,
    )
    .option('--watched', 'search the names in the certificates of watched hosts, too')
    .option('--schedule <WHEN>', 'when to run it: minutes, a cron pattern, or off')
    .option('--timezone <ZONE>', 'time zone of a cron pattern')
    .option('--rate <N>', 'connections per second', readNumber('N', 1, 200))
    .option('--at-once <N>', 'open connections', readNumber('N', 1, 256, true))
    .option(
      '--max-names <N>',
      'number of names in a certificate to request at its address and port',
      readNumber('N', 0, 200, true),
    )
    .option('--add', 'add a job for each new find')
    .option('--no-add', 'list new finds for review')
    .option('--tag <TAG>', 'tag for jobs that it adds; may be repeated', collect)
    .option('--notify', 'send one message after a run that found, changed or lost something')
    .option('--no-notify', 'send no message');
}
