import { Command, Option } from 'commander';
import { nameFormats } from '../../../shared/domain/discovery/name-formats.ts';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';
import { discoverFormats } from '../formats/found-formats.ts';
import { collect } from '../options.ts';
import { withSearchOptions } from '../search-options.ts';
import type { DiscoverOptions } from './discover.ts';

/** Formats of `--from`: told by the content, any list that can be imported, and files of other programs. */
const fromFormats = ['auto', 'hosts', ...nameFormats];

/** Describes `notafter discover`. */
export function command({ output, onStatus }: CommandContext): Command {
  const discover = new Command('discover')
    .description('find certificates on addresses and ports that you have not added')
    .argument(
      '[TARGET...]',
      'networks (10.0.0.0/24), ranges (10.0.0.5-20), addresses and host names, with or without a port',
    );
  const fileWords = `hosts from a file; FORMAT is ${fromFormats.join(', ')}; - reads standard input; may be repeated`;
  return withSearchOptions(discover, fileWords, { ports: 'usual', rate: 20, atOnce: 64, maxNames: 20 })
    .option('--i-may-scan-this', 'confirm that you are allowed to scan the public addresses', false)
    .option('--dry-run', 'print the plan without sending anything', false)
    .addOption(new Option('--format <FORMAT>', 'output format').choices(discoverFormats).default('text'))
    .option('--add', 'add a job for each find in the running app or service', false)
    .option('--tag <TAG>', 'with --add: tag for the jobs; may be repeated', collect, [])
    .addOption(dataOption('with --add: data folder (default: that of the desktop app)'))
    .addHelpText(
      'after',
      `
NotAfter requests the certificate of each open port without a name, then for the names known for its address, then for the names in its
certificates, at that address only. It sends nothing but a TLS ClientHello or the STARTTLS dialogue of the port, and never connects to
printers’ ports. Public addresses need --i-may-scan-this, unless you type them with a port (192.0.2.7:443). Those from files always do.

Exit status: 0; 64 for a usage error; 69 with --add if NotAfter is not running; 75 after Ctrl+C, which prints what was found.

Examples:
  notafter discover 10.0.0.0/24 --dry-run
  notafter discover 10.0.0.0/24 10.0.1.5-20 --ports web,mail --exclude 10.0.0.9
  notafter discover 10.0.0.7 --names www.example.com,shop.example.com --format json
  notafter discover --dns corp.example@ns1.corp.example --ports web,mail
  nginx -T | notafter discover --from nginx:- --format csv > found.csv
  notafter discover 10.0.0.0/24 --format notafter | notafter check --from -
  notafter discover 192.0.2.0/28 --i-may-scan-this --add --tag dmz`,
    )
    .exitOverride()
    .action(async (targets: string[], options: DiscoverOptions) => {
      const { runDiscover } = await import('./discover.ts');
      onStatus(await runDiscover(targets, options, output));
    });
}
