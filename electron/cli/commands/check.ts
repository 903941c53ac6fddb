import { readFileSync } from 'node:fs';
import { type Connection, newConnectionSchema } from '../../../shared/schema/connection.ts';
import {
  formatTarget,
  isFileTarget,
  parseTarget,
  type StarttlsProtocol,
  type Target,
} from '../../../shared/schema/target.ts';
import { type Thresholds, thresholdsSchema } from '../../../shared/schema/thresholds.ts';
import { readImport } from '../../engine/import/read-import.ts';
import { Queue } from '../../engine/monitor/fair-queue.ts';
import { InputFileError, Prober } from '../../engine/probe/prober.ts';
import { UsageError, worstStatus } from '../exit-status.ts';
import { type CheckFormat, type Named, renderAll, renderOne } from '../formats/check-formats.ts';
import { renderVerbose } from '../formats/verbose-text.ts';
import { Progress } from '../progress.ts';

export interface CheckCommandOptions {
  starttls?: StarttlsProtocol;
  servername?: string;
  address?: string;
  family?: Connection['family'];
  allAddresses: boolean;
  bothCertificates: boolean;
  reader?: Connection['reader'];
  fetchRevocation: boolean;
  proxy?: string;
  ehlo?: string;
  clientCert?: string;
  clientKey?: string;
  passphraseFile?: string;
  ca: string[];
  warning?: number;
  critical?: number;
  timeout: number;
  json: boolean;
  verbose: boolean;
  format: CheckFormat;
  from: string[];
  concurrency: number;
}

/**
 * `notafter check`: checks each target once and prints what was found, in the order given.
 * @returns the exit status
 * @throws UsageError for a target or a CA file that cannot be used, before anything is checked
 */
export async function runCheck(
  hosts: readonly string[],
  options: CheckCommandOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  const targets = [
    ...hosts.map((host) => readTarget(host, options)),
    ...options.from.flatMap((path) => readTargets(path)),
  ];
  if (targets.length === 0) throw new UsageError('Name a target, or a file with targets (--from FILE).');
  const thresholds = readThresholds(options);
  const checker = new Prober();
  const connection = readConnection(options);
  try {
    checker.testCaFiles(options.ca);
    checker.testConnection(connection);
  } catch (error) {
    if (error instanceof InputFileError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
  const { ca: caFiles, fetchRevocation, timeout } = options;
  const request = { thresholds, connection, caFiles, fetchRevocation, timeoutMs: timeout * 1000 };
  const queue = new Queue(
    { total: () => options.concurrency, perGroup: () => options.concurrency },
    async (index) => (await checker.check({ ...request, target: targets[Number(index)] as Target })).result,
  );
  const format = options.json ? 'json' : options.format;
  const progress = new Progress(targets.length, process.stderr);
  const pending = targets.map((target, index) =>
    queue.add(String(index), '').then((result) => {
      progress.step();
      return { name: formatTarget(target), result };
    }),
  );
  const results: Named[] = [];
  for (const one of pending) {
    const named = await one;
    results.push(named);
    const text = renderOne(format, named, output);
    if (text === null) continue;
    progress.clear();
    output.write(format === 'text' && options.verbose ? `${text}${renderVerbose(named.result)}` : text);
  }
  progress.clear();
  output.write(renderAll(format, results, output));
  return worstStatus(results.map(({ result }) => result));
}

/** Targets from a file in any form that can be imported; `-` stands for standard input. */
function readTargets(path: string): Target[] {
  let text: string;
  try {
    text = readFileSync(path === '-' ? process.stdin.fd : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    });
  }
  const read = readImport(text);
  if ('message' in read) throw new UsageError(`${path}: ${read.message}`);
  return read.items.map((item) => {
    if ('message' in item) throw new UsageError(`${path}:${item.line}: ${item.message}`);
    return item.job.target;
  });
}

function readTarget(text: string, { starttls, servername, passphraseFile }: CheckCommandOptions): Target {
  const parsed = parseTarget(text);
  if (!parsed.ok) throw new UsageError(`${text}: ${parsed.message}`);
  if (isFileTarget(parsed.target)) return { ...parsed.target, passphraseFile: passphraseFile ?? null };
  return { ...parsed.target, ...(starttls ? { starttls } : {}), ...(servername ? { servername } : {}) };
}

function readConnection(options: CheckCommandOptions): Connection {
  const {
    address = null,
    family = 'any',
    allAddresses,
    bothCertificates,
    reader = 'light',
    proxy = null,
    ehlo: ehloName = null,
    clientCert,
    clientKey,
    passphraseFile = null,
  } = options;
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    throw new UsageError('A client certificate needs both --client-cert and --client-key.');
  }
  const clientCertificate =
    clientCert === undefined ? null : { certFile: clientCert, keyFile: clientKey, passphraseFile };
  const parsed = newConnectionSchema.safeParse({
    address,
    family,
    allAddresses,
    bothCertificates,
    reader,
    proxy,
    ehloName,
    clientCertificate,
  });
  if (!parsed.success)
    throw new UsageError(parsed.error.issues[0]?.message ?? 'This connection cannot be made.');
  return parsed.data;
}

function readThresholds({ warning, critical }: CheckCommandOptions): Thresholds {
  const parsed = thresholdsSchema.safeParse({
    warning: warning === undefined ? null : { days: warning },
    critical: critical === undefined ? null : { days: critical },
  });
  if (!parsed.success)
    throw new UsageError(parsed.error.issues[0]?.message ?? 'These thresholds cannot be used.');
  return parsed.data;
}
