import { Command, Option } from 'commander';
import type { CommandContext } from '../commands.ts';
import { withConnectionOptions } from '../connection-options.ts';
import { checkFormats } from '../formats/check-formats.ts';
import { collect, readNumber, readRoles, readStarttls, starttlsChoices } from '../options.ts';
import type { CheckCommandOptions } from './check.ts';

/** Describes `notafter check`. */
export function command({ output, onStatus }: CommandContext): Command {
  const check = new Command('check')
    .description('check targets once and print what was found')
    .argument(
      '[HOST[:PORT]...]',
      'host names, IPv4 or [IPv6] addresses or URLs (default port: 443), or certificate files, folders, or quoted globs',
    )
    .addOption(
      new Option(
        '--starttls <PROTO>',
        'STARTTLS protocol; none: TLS from the first byte (default: by the port)',
      )
        .choices(starttlsChoices)
        .argParser(readStarttls),
    )
    .option('--servername <NAME>', 'name to send as SNI and to verify in the certificate')
    .option('--ca <FILE>', 'PEM file with certificates to trust; may be repeated', collect, []);
  return withConnectionOptions(check)
    .option('--fetch-revocation', 'check revocation with the CA, which learns what you check', false)
    .option(
      '--passphrase-file <FILE>',
      'file with the passphrase of the client key or of PKCS#12 files; may be repeated (each is tried)',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--roles <ROLES>',
        'which certificates of a file to check: leaf, ca, anchor, separated by commas (default: leaves, or all of a file without leaves)',
      ).argParser(readRoles),
    )
    .option('--exclude <GLOB>', 'leave out these paths; may be repeated', collect, [])
    .option(
      '--warning <DAYS>',
      'warning threshold in days (default: a quarter of the lifetime, at most 30)',
      readNumber('DAYS', 0, 3650),
    )
    .option(
      '--critical <DAYS>',
      'critical threshold in days (default: a tenth of the lifetime, at most 7)',
      readNumber('DAYS', 0, 3650),
    )
    .option('--timeout <SECONDS>', 'time limit of each check in seconds', readNumber('SECONDS', 0.1, 600), 15)
    .option(
      '--from <FILE>',
      'read targets from a file, one per line or in any import format; - reads standard input; may be repeated',
      collect,
      [],
    )
    .option('--concurrency <N>', 'number of concurrent checks', readNumber('N', 1, 500, true), 20)
    .addOption(new Option('--format <FORMAT>', 'output format').choices(checkFormats).default('text'))
    .option(
      '-v, --verbose',
      'also print names, key, fingerprints, chain, trust stores, revocation and SCTs',
      false,
    )
    .option('--json', 'same as --format json: an array of results', false)
    .addHelpText(
      'after',
      `
Exit status: the worst of 0 ok, 1 warning, 2 critical, 3 unreachable; 64 for a usage error, and where all is ok but entries of
--from were skipped; 130 after Ctrl+C, which prints what was found by then. With --format nagios unreachable is 2.

Examples:
  notafter check example.com mail.example.com:587 [2001:db8::7]:8443
  notafter check ldap.internal:636 --ca /etc/ssl/our-root.pem --warning 20 --critical 5
  notafter check 192.0.2.7 --servername www.example.com --json
  notafter check ./vpn.p12 --passphrase-file ./secret
  notafter check /etc/haproxy --exclude '**/old/**' --roles leaf,ca
  notafter check /etc/ssl/private '/etc/letsencrypt/live/**/fullchain.pem'
  notafter check --from hosts.txt --format junit > certificates.xml
  notafter check mail.example.com:587 --format nagios`,
    )
    .exitOverride()
    .action(async (hosts: string[], options: CheckCommandOptions) => {
      const { runCheck } = await import('./check.ts');
      onStatus(await runCheck(hosts, options, output));
    });
}
