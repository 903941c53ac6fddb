import { Command } from 'commander';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';
import { collect, readNumber } from '../options.ts';
import type { ServeCommandOptions } from './serve.ts';

/** Describes `notafter serve`. */
export function command({ build, output, onStatus }: CommandContext): Command {
  return new Command('serve')
    .description('run the scheduler, the HTTP API and the page on 127.0.0.1')
    .option('--port <N>', 'port to listen on; 0 picks a free one', readNumber('N', 0, 65_535, true), 7443)
    .addOption(dataOption())
    .option('--ca <FILE>', 'PEM file with certificates to trust; may be repeated', collect, [])
    .option(
      '--files-root <DIR>',
      'only read certificate files, sources and passphrases below this folder; may be repeated',
      collect,
      [],
    )
    .option('--listen <ADDR:PORT>', 'also listen on this address over TLS, for other machines')
    .option('--tls-cert <FILE>', 'PEM file with the certificate for --listen, followed by its intermediates')
    .option('--tls-key <FILE>', 'PEM file with its key')
    .option('--socket <PATH>', 'also listen on this Unix socket, for a reverse proxy')
    .option('--public-url <URL>', 'with --socket: the address at which browsers reach the proxy')
    .option(
      '--alert-command <COMMAND>',
      'command to run for each alert, which it reads as JSON from standard input',
    )
    .option(
      '--channel-command <COMMAND>',
      'command that a channel may run, with its full path and arguments; may be repeated',
      collect,
      [],
    )
    .option('--alert-stdout', 'print each alert as one line of JSON', false)
    .option(
      '--allow-public-ranges',
      'let saved searches scan public addresses: you confirm that you are allowed to',
      false,
    )
    .option('--open', 'open the page in the browser', false)
    .option('--json', 'print {"url","listenUrl","token","dataDir","pid"} as the first line when ready', false)
    .addHelpText(
      'after',
      `
Examples:
  notafter serve --open
  notafter serve --port 0 --data ./watch --json
  notafter serve --alert-command '/usr/local/bin/page-oncall --team web'
  notafter serve --listen 0.0.0.0:7444 --tls-cert ./service.pem --tls-key ./service.key
  notafter serve --socket /run/notafter/notafter.sock --public-url https://notafter.example.com`,
    )
    .exitOverride()
    .action(async (options: ServeCommandOptions) => {
      const { runServe } = await import('./serve.ts');
      onStatus(await runServe(options, build, output));
    });
}
