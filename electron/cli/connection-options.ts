import { type Command, Option } from 'commander';
import type { Connection } from '../../shared/schema/connection.ts';
import { UsageError } from './exit-status.ts';
import { fromCaller } from './paths.ts';

/** What the options of a connection hold. */
export interface ConnectionOptions {
  address?: string;
  family?: Connection['family'];
  allAddresses?: boolean;
  bothCertificates?: boolean;
  reader?: Connection['reader'];
  proxy?: string;
  ehlo?: string;
  clientCert?: string;
  clientKey?: string;
}

/** Adds the options by which a host is reached, for `check` and for jobs. */
export function withConnectionOptions(command: Command): Command {
  return command
    .option('--address <IP>', 'connect to this IP address instead of resolving the name')
    .addOption(
      new Option('--family <FAMILY>', 'use only IPv4 or only IPv6 (default: any)').choices([
        'any',
        'ipv4',
        'ipv6',
      ]),
    )
    .option('--all-addresses', 'check every address of a name and show the worst result')
    .option('--both-certificates', 'request both an ECDSA and an RSA certificate and show the worse one')
    .addOption(
      new Option(
        '--reader <READER>',
        'light: read the certificate and the proof of its key; full: complete the TLS handshake (default: light)',
      ).choices(['light', 'full']),
    )
    .option('--proxy <URL>', 'http://, https:// (CONNECT), socks5:// or socks4a://host:port')
    .option('--ehlo <NAME>', 'name to send to mail servers in EHLO (default: this machine’s name)')
    .option('--client-cert <FILE>', 'PEM file with a client certificate')
    .option('--client-key <FILE>', 'PEM file with its key');
}

/**
 * Returns what options say of a connection: what is not named is left out, an empty word removes what was there.
 * @throws UsageError for a client certificate without its key
 */
export function readConnectionFields(
  options: ConnectionOptions,
  passphraseFile: string | undefined,
): Partial<Connection> {
  const { address, family, allAddresses, bothCertificates, reader, proxy, ehlo } = options;
  const clientCertificate = readClientCertificate(options, passphraseFile);
  return {
    ...(address === undefined ? {} : { address: address || null }),
    ...(family === undefined ? {} : { family }),
    ...(allAddresses === undefined ? {} : { allAddresses }),
    ...(bothCertificates === undefined ? {} : { bothCertificates }),
    ...(reader === undefined ? {} : { reader }),
    ...(proxy === undefined ? {} : { proxy: proxy || null }),
    ...(ehlo === undefined ? {} : { ehloName: ehlo || null }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

function readClientCertificate(
  { clientCert, clientKey }: ConnectionOptions,
  passphraseFile: string | undefined,
): Connection['clientCertificate'] | undefined {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert === '' && !clientKey) return null;
  if (!clientCert || !clientKey)
    throw new UsageError('A client certificate needs both --client-cert and --client-key.');
  return {
    certFile: fromCaller(clientCert),
    keyFile: fromCaller(clientKey),
    passphraseFile: passphraseFile ? fromCaller(passphraseFile) : null,
  };
}
