import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError, Option } from 'commander';
import { starttlsProtocols } from '../../shared/schema/target.ts';
import { forLogLines, forTerminal } from '../../shared/text/foreign-text.ts';
import { asCommandError } from './api-client.ts';
import { type CheckCommandOptions, runCheck } from './commands/check.ts';
import { jobsCommand, statusCommand } from './commands/jobs/jobs.ts';
import { runReplay } from './commands/replay.ts';
import { type Build, DataFolderError, runServe, type ServeCommandOptions } from './commands/serve.ts';
import {
  cannotCreateStatus,
  faultStatus,
  NoSuchJobError,
  NotRunningError,
  noSuchJobStatus,
  notRunningStatus,
  UsageError,
  usageStatus,
} from './exit-status.ts';
import { checkFormats } from './formats/check-formats.ts';
import { collect, readNumber, readStarttls } from './options.ts';

/**
 * Runs the command line.
 * @param args what follows the program's name
 * @returns the exit status: of `check` the worst result, 64 for a usage error, 66 for a job that is not there, 69 where no
 * NotAfter runs, 70 for a fault of NotAfter's own, 73 where the data folder cannot be used
 */
export async function runCli(args: readonly string[], build: Build): Promise<number> {
  quietBrokenPipes();
  let status = 0;
  const program = new Command('notafter')
    .description('Watches TLS certificates and warns before they expire.')
    .version(build.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  program.addCommand(
    checkCommand(async (hosts, options) => {
      status = await runCheck(hosts, options, process.stdout);
    }),
  );
  program.addCommand(
    serveCommand(async (options) => {
      status = await runServe(options, build, process.stdout);
    }),
  );
  program.addCommand(
    replayCommand((path, options) => {
      runReplay(path, options, process.stdout);
    }),
  );
  program.addCommand(
    jobsCommand(process.stdout, (result) => {
      status = result;
    }),
  );
  program.addCommand(statusCommand(process.stdout));
  program.addHelpText(
    'after',
    `
Completion: notafter complete bash | zsh | fish | powershell prints a script for your shell, such as
  source <(notafter complete bash)
`,
  );
  tab(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return explain(asCommandError(error));
  }
}

function checkCommand(action: (hosts: string[], options: CheckCommandOptions) => Promise<void>): Command {
  return new Command('check')
    .description('check targets once and print what was found')
    .argument(
      '[HOST[:PORT]...]',
      'names, IPv4 or [IPv6] addresses, or URLs; the port is 443 unless given; or paths of certificate files',
    )
    .addOption(
      new Option('--starttls <PROTO>', 'upgrade the plain connection by this protocol')
        .choices(starttlsProtocols)
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
    .option('--proxy <URL>', 'http://host:port (CONNECT) or socks5://host:port')
    .option('--client-cert <FILE>', 'PEM file with a client certificate')
    .option('--client-key <FILE>', 'PEM file with its key')
    .option('--passphrase-file <FILE>', 'file with the passphrase of the client key or of a PKCS#12 target')
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
    .option('--json', 'the same as --format json: an array of results', false)
    .addHelpText(
      'after',
      `
Exit status: the worst of 0 ok, 1 warning, 2 critical, 3 unreachable; 64 for a usage error.

Examples:
  notafter check example.com mail.example.com:587 [2001:db8::7]:8443
  notafter check ldap.internal:636 --ca /etc/ssl/our-root.pem --warning 20 --critical 5
  notafter check 192.0.2.7 --servername www.example.com --json
  notafter check ./vpn.p12 --passphrase-file ./secret
  notafter check --from hosts.txt --format junit > certificates.xml
  notafter check mail.example.com:587 --format nagios`,
    )
    .exitOverride()
    .action(action);
}

function serveCommand(action: (options: ServeCommandOptions) => Promise<void>): Command {
  return new Command('serve')
    .description('run the scheduler, the HTTP API and the page on 127.0.0.1 until a signal')
    .option('--port <N>', 'port to listen on; 0 picks a free one', readNumber('N', 0, 65_535, true), 7443)
    .option('--data <DIR>', 'data folder; the desktop app’s own unless given')
    .option('--ca <FILE>', 'PEM file with certificates to trust; may be repeated', collect, [])
    .option('--listen <ADDR:PORT>', 'listen there too, over TLS, for other machines')
    .option('--tls-cert <FILE>', 'PEM file with the certificate for --listen, its intermediates after it')
    .option('--tls-key <FILE>', 'PEM file with its key')
    .option('--alert-command <COMMAND>', 'run it for each alert, which it reads on standard input as JSON')
    .option('--alert-stdout', 'print each alert as a line of JSON', false)
    .option('--open', 'open the page in the browser', false)
    .option('--json', 'print {"url","token","dataDir","pid"} as the first line when ready', false)
    .addHelpText(
      'after',
      `
Examples:
  notafter serve --open
  notafter serve --port 0 --data ./watch --json
  notafter serve --alert-command '/usr/local/bin/page-somebody --team web'
  notafter serve --listen 0.0.0.0:7444 --tls-cert ./service.pem --tls-key ./service.key`,
    )
    .exitOverride()
    .action(action);
}

function replayCommand(action: (path: string, options: { json: boolean }) => void): Command {
  return new Command('replay')
    .description('play a history of results through the alert policy and print what would have been said')
    .argument('<FILE>', 'results as JSON or JSON lines; - reads standard input')
    .option('--json', 'print what would have been said as JSON lines', false)
    .addHelpText(
      'after',
      `
A history is what GET /api/v1/jobs/{id}/history or check --json give, or lines written by hand:
  {"settings": {"thresholds": {"warning": {"days": 20}, "critical": null}, "quietHours": {"from": "22:00", "to": "07:00"}}}
  {"job": {"host": "www.example.com", "tags": ["shop"]}}
  {"at": "2026-11-24T10:00:00Z", "host": "www.example.com", "certificate": {"validFrom": "2026-09-01T00:00:00Z", "validTo": "2026-11-30T00:00:00Z"}}
  {"at": "2026-11-25T10:00:00Z", "host": "www.example.com", "unreachable": "Nothing listens on port 443."}

Examples:
  notafter replay history.jsonl
  curl -s -H "Authorization: Bearer $TOKEN" "$URL/api/v1/jobs/$ID/history?limit=10000" | notafter replay -`,
    )
    .exitOverride()
    .action(action);
}

/** Says what went wrong on standard error, unless commander has, and gives the exit status for it. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
  if (error instanceof UsageError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return usageStatus;
  }
  if (error instanceof NoSuchJobError || error instanceof NotRunningError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return error instanceof NoSuchJobError ? noSuchJobStatus : notRunningStatus;
  }
  if (error instanceof DataFolderError) {
    process.stderr.write(`notafter: ${forTerminal(error.message)}\n`);
    return cannotCreateStatus;
  }
  process.stderr.write(
    `notafter: a fault of its own\n${forLogLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
  );
  return faultStatus;
}

/** `notafter check … | head` ends the reader first; that is no fault. */
function quietBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
}
