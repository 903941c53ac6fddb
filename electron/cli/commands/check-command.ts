import { Command, Option } from 'commander';
import type { CommandContext } from '../commands.ts';
import { checkFormats } from '../formats/check-formats.ts';
import { collect, readNumber, readRoles, readStarttls, starttlsChoices } from '../options.ts';
import type { CheckCommandOptions } from './check.ts';

/** Describes `notafter check`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('check')
    .description('check targets once and print what was found')
    .argument(
      '[HOST[:PORT]...]',
      'names, IPv4 or [IPv6] addresses, or URLs; the port is 443 unless given; or certificate files, folders, or globs in quotes',
    )
    .addOption(
      new Option(
        '--starttls <PROTO>',
        'upgrade the plain connection by this protocol; none: TLS from the first byte',
      )
        .choices(starttlsChoices)
        .argParser(readStarttls),
    )
    .option('--servername <NAME>', 'name to send as SNI and to look for in the certificate')
    .option('--ca <FILE>', 'PEM file with certificates to trust; may be repeated', collect, [])
    .option('--address <IP>', 'connect to this address, whatever the name resolves to')
    .addOption(
      new Option('--family <FAMILY>', 'addresses of one family alone').choices(['any', 'ipv4', 'ipv6']),
    )
    .option('--fetch-revocation', 'ask the CA whether it was revoked (it learns what you check)', false)
    .option('--all-addresses', 'check every address of a name and show the worst', false)
    .option('--both-certificates', 'ask for an ECDSA and an RSA certificate, and show the worse', false)
    .addOption(
      new Option(
        '--reader <READER>',
        'light: read what the server presents; full: a whole TLS handshake',
      ).choices(['light', 'full']),
    )
    .option('--proxy <URL>', 'http://, https:// (CONNECT), socks5:// or socks4a://host:port')
    .option('--ehlo <NAME>', 'name by which mail servers are greeted; this machine’s own unless given')
    .option('--client-cert <FILE>', 'PEM file with a client certificate')
    .option('--client-key <FILE>', 'PEM file with its key')
    .option(
      '--passphrase-file <FILE>',
      'file with the passphrase of the client key or of PKCS#12 files; may be repeated: each is tried',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--roles <ROLES>',
        'which certificates of files are judged: leaf, ca, anchor, with commas between; by default every leaf, or what a file without any holds',
      ).argParser(readRoles),
    )
    .option('--exclude <GLOB>', 'leave these paths of folders out; may be repeated', collect, [])
    .option('--warning <DAYS>', 'warn below so many days', readNumber('DAYS', 0, 3650))
    .option('--critical <DAYS>', 'critical below so many days', readNumber('DAYS', 0, 3650))
    .option('--timeout <SECONDS>', 'deadline of each check', readNumber('SECONDS', 0.1, 600), 15)
    .option(
      '--from <FILE>',
      'targets from a file, one a line or in any form that can be imported; - reads standard input; may be repeated',
      collect,
      [],
    )
    .option('--concurrency <N>', 'checks at once', readNumber('N', 1, 500, true), 20)
    .addOption(
      new Option('--format <FORMAT>', 'how results are printed').choices(checkFormats).default('text'),
    )
    .option('-v, --verbose', 'print names, key, fingerprints, chain, stores, revocation and SCTs too', false)
    .option('--json', 'the same as --format json: an array of results', false)
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
