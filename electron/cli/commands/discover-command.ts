import { Command, Option } from 'commander';
import type { CommandContext } from '../commands.ts';
import { discoverFormats } from '../formats/found-formats.ts';
import { collect, readNumber } from '../options.ts';
import type { DiscoverOptions } from './discover.ts';

/** Describes `notafter discover`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('discover')
    .description('find certificates on addresses and ports that no list has')
    .argument(
      '[TARGET...]',
      'networks (10.0.0.0/24), ranges (10.0.0.5-20), addresses and host names; with a port or without',
    )
    .option(
      '--ports <LIST>',
      'ports and ranges of them, or sets: usual, web, mail, infra, databases',
      'usual',
    )
    .option(
      '--exclude <X>',
      'leave out a range, a host, HOST:PORT, :PORT or *.NAME; may be repeated',
      collect,
      [],
    )
    .option(
      '--names <LIST>',
      'names to ask for at every address: a,b or a file with one a line; may be repeated',
      collect,
      [],
    )
    .option(
      '--from <FORMAT:FILE>',
      'hosts from a file: nginx, haproxy and others (see docs/discovery.md), auto, or hosts in any form that can be imported; - reads standard input; may be repeated',
      collect,
      [],
    )
    .option('--rate <N>', 'connections a second', readNumber('N', 1, 200), 20)
    .option('--at-once <N>', 'open connections', readNumber('N', 1, 256, true), 64)
    .option(
      '--max-names <N>',
      'names of a certificate to ask for at its address and port',
      readNumber('N', 0, 200, true),
      20,
    )
    .option('--i-may-scan-this', 'you may scan the public addresses that you name', false)
    .option('--dry-run', 'count and print what would be done; nothing is sent', false)
    .addOption(
      new Option('--format <FORMAT>', 'how finds are printed').choices(discoverFormats).default('text'),
    )
    .option('--add', 'add a job for each find in the running app or service', false)
    .option('--tag <TAG>', 'with --add: tag of the jobs; may be repeated', collect, [])
    .option('--data <DIR>', 'with --add: data folder (default: the desktop app’s own)')
    .addHelpText(
      'after',
      `
Each open port is asked for its certificate without a name, then under the names that are known for its address, then under those that its
certificates name. A name that a certificate names is asked for at its address alone. Nothing is sent but a TLS ClientHello or the STARTTLS
dialogue of the port. Printers’ ports are never connected to. Private addresses are free; public ones need --i-may-scan-this, or a
port (192.0.2.7:443).

Exit status: 0; 64 used wrongly or refused, 69 with --add where no NotAfter runs; 75 after Ctrl+C, which prints what was found by then.

Examples:
  notafter discover 10.0.0.0/24 --dry-run
  notafter discover 10.0.0.0/24 10.0.1.5-20 --ports web,mail --exclude 10.0.0.9
  notafter discover 10.0.0.7 --names www.example.com,shop.example.com --format json
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
