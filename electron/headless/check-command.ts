import { styleText } from 'node:util';
import { type CheckResult, type Status, shortName } from '../../shared/check-result.ts';
import { type Connection, connectionSchema } from '../../shared/connection.ts';
import {
  formatTarget,
  isFileTarget,
  parseTarget,
  type StarttlsProtocol,
  type Target,
} from '../../shared/target.ts';
import { type Thresholds, thresholdsSchema } from '../../shared/thresholds.ts';
import { expiryWords } from '../../shared/words.ts';
import { Checker, InputFileError } from '../engine/check/check.ts';
import { Queue } from '../engine/schedule/queue.ts';
import { UsageError, worstStatus } from './exit-status.ts';

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
  clientCert?: string;
  clientKey?: string;
  passphraseFile?: string;
  ca: string[];
  warning?: number;
  critical?: number;
  timeout: number;
  json: boolean;
}

const checksAtOnce = 20;

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
  const targets = hosts.map((host) => readTarget(host, options));
  const thresholds = readThresholds(options);
  const checker = new Checker();
  const connection = readConnection(options);
  try {
    checker.testCaFiles(options.ca);
    checker.testConnection(connection);
  } catch (error) {
    if (error instanceof InputFileError) throw new UsageError(error.message);
    throw error;
  }
  const { ca: caFiles, fetchRevocation, timeout } = options;
  const request = { thresholds, connection, caFiles, fetchRevocation, timeoutMs: timeout * 1000 };
  const queue = new Queue(
    { total: () => checksAtOnce, perGroup: () => checksAtOnce },
    async (index) => (await checker.check({ ...request, target: targets[Number(index)] as Target })).result,
  );
  const pending = targets.map((_, index) => queue.add(String(index), ''));
  const results: CheckResult[] = [];
  for (const [index, result] of pending.entries()) {
    results.push(await result);
    const target = targets[index];
    if (!options.json && target) output.write(`${renderResult(target, await result, output)}\n`);
  }
  if (options.json) output.write(`${JSON.stringify(results, null, 2)}\n`);
  return worstStatus(results);
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
    clientCert,
    clientKey,
    passphraseFile = null,
  } = options;
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    throw new UsageError('A client certificate needs both --client-cert and --client-key.');
  }
  const clientCertificate =
    clientCert === undefined ? null : { certFile: clientCert, keyFile: clientKey, passphraseFile };
  const parsed = connectionSchema.safeParse({
    address,
    family,
    allAddresses,
    bothCertificates,
    reader,
    proxy,
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

const marks: Record<Status, { sign: string; colour: 'green' | 'yellow' | 'red' | 'magenta' }> = {
  ok: { sign: '✓', colour: 'green' },
  warning: { sign: '▲', colour: 'yellow' },
  critical: { sign: '✗', colour: 'red' },
  unreachable: { sign: '∅', colour: 'magenta' },
};

/** A result for people: a line with the verdict, then each problem with what to do about it. */
function renderResult(target: Target, result: CheckResult, stream: NodeJS.WriteStream): string {
  const { sign, colour } = marks[result.status];
  const paint = (style: typeof colour | 'dim' | 'bold', text: string) => styleText(style, text, { stream });
  const { certificate } = result;
  const facts = certificate
    ? `${expiresWords(certificate.validTo, result.checkedAt)} · issued by ${shortName(certificate.issuer)} · ${result.protocol ?? 'no protocol'}`
    : 'shows no certificate';
  const head = `${paint(colour, `${sign} ${result.status}`)}  ${paint('bold', formatTarget(target))}  ${facts}`;
  const problems = result.problems.flatMap(({ message, remedy }) => [
    `    ${message}`,
    paint('dim', `      ${remedy}`),
  ]);
  return [head, ...problems].join('\n');
}

function expiresWords(validTo: string, checkedAt: string): string {
  const now = Date.parse(checkedAt);
  const verb = Date.parse(validTo) < now ? 'expired' : 'expires';
  return `${verb} ${expiryWords(validTo, now)} (${validTo.slice(0, 10)})`;
}
