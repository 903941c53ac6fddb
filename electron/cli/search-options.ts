import { type Command, Option } from 'commander';
import { dnsRecordKinds } from '../../shared/domain/discovery/dns-source.ts';
import { collect, readNumber } from './options.ts';

/** The values that options have which are left out; null: none, so that an edit changes nothing else. */
export interface SearchDefaults {
  ports: string;
  rate: number;
  atOnce: number;
  maxNames: number;
}

/** Adds what a search for certificates has, whether it runs now (`discover`) or is saved (`discoveries`). */
export function withSearchOptions(
  command: Command,
  fileWords: string,
  defaults: SearchDefaults | null,
): Command {
  const list = defaults === null ? undefined : [];
  const option = (flags: string, words: string, fallback: unknown) => {
    const made = new Option(flags, words);
    return fallback === undefined ? made : made.default(fallback);
  };
  return command
    .addOption(
      option(
        '--ports <LIST>',
        'ports, ranges of ports, or sets: usual, web, mail, infra, databases',
        defaults?.ports,
      ),
    )
    .addOption(
      option(
        '--exclude <X>',
        'leave out a range, a host, HOST:PORT, :PORT or *.NAME; may be repeated',
        list,
      ).argParser(collect),
    )
    .addOption(
      option(
        '--names <LIST>',
        'names to request at every address: a,b or a file with one per line; may be repeated',
        list,
      ).argParser(collect),
    )
    .addOption(option('--from <FORMAT:FILE>', fileWords, list).argParser(collect))
    .addOption(
      option(
        '--dns <DOMAIN[@SERVER]>',
        'hosts that the DNS records of a domain name; with a name server, those of the zone that it transfers (AXFR); may be repeated',
        list,
      ).argParser(collect),
    )
    .addOption(
      option(
        '--dns-records <LIST>',
        `kinds of records for --dns (default: ${dnsRecordKinds.join(',')})`,
        undefined,
      ),
    )
    .addOption(
      option(
        '--reverse-dns',
        'request the names that DNS has for an address, too; the name server learns what is searched',
        defaults === null ? undefined : false,
      ),
    )
    .addOption(
      option('--rate <N>', 'connections per second', defaults?.rate).argParser(readNumber('N', 1, 200)),
    )
    .addOption(
      option('--at-once <N>', 'open connections', defaults?.atOnce).argParser(readNumber('N', 1, 256, true)),
    )
    .addOption(
      option(
        '--max-names <N>',
        'number of names in a certificate to request at its address and port',
        defaults?.maxNames,
      ).argParser(readNumber('N', 0, 200, true)),
    );
}
