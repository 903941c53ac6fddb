import { existsSync } from 'node:fs';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { type Connection, newConnectionSchema } from '../../../shared/schema/connection.ts';
import {
  formatTarget,
  isFileTarget,
  parseTarget,
  type Target,
  targetInputSchema,
} from '../../../shared/schema/target.ts';
import { type Thresholds, thresholdsSchema } from '../../../shared/schema/thresholds.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import { readImport } from '../../engine/import/read-import.ts';
import { Queue } from '../../engine/monitor/fair-queue.ts';
import type { EntryRole } from '../../engine/probe/files/entries.ts';
import { InputFileError, Prober } from '../../engine/probe/prober.ts';
import { type ConnectionOptions, readConnectionFields } from '../connection-options.ts';
import { interruptedStatus, UsageError, usageStatus, worstStatus } from '../exit-status.ts';
import { FieldsError } from '../field-options.ts';
import { type CheckFormat, type Named, renderAll, renderOne } from '../formats/check-formats.ts';
import { nagiosStatus } from '../formats/nagios.ts';
import { renderVerbose } from '../formats/verbose-text.ts';
import { type StarttlsOption, starttlsOf } from '../options.ts';
import { targetRefusal } from '../paths.ts';
import { Progress } from '../progress.ts';
import { inputName, readTextFile } from '../text-files.ts';
import { entriesOption, readFileTargets } from './check-files.ts';

export interface CheckCommandOptions extends ConnectionOptions {
  starttls?: StarttlsOption;
  servername?: string;
  fetchRevocation: boolean;
  passphraseFile: string[];
  roles?: readonly EntryRole[];
  exclude: string[];
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
  const { targets, skipped } = await readAllTargets(hosts, options);
  const thresholds = readThresholds(options);
  const connection = readConnection(options);
  const prober = await openProber(options.ca, connection, options.timeout * 1000);
  const { ca: caFiles, fetchRevocation, timeout } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const request = { thresholds, connection, caFiles, fetchRevocation, timeoutMs: timeout * 1000, signal };
  const queue = new Queue(
    { total: () => options.concurrency, perGroup: () => options.concurrency },
    (index) => {
      // SAFETY: the queue gets the indexes of the targets alone.
      const target = targets[Number(index)] as Target;
      return prober.checkEach({ ...request, target, ...entriesOption(target, options.roles) });
    },
  );
  const format = options.json ? 'json' : options.format;
  const progress = new Progress(targets.length, process.stderr);
  const pending = targets.map((target, index) =>
    queue.add(String(index), '').then((checked) => {
      progress.step();
      return checked.map(({ result }) => ({ name: nameOf(target, result), result }));
    }),
  );
  using interrupted = onInterrupt();
  const print = (entry: Named) => {
    const text = renderOne(format, entry, output);
    if (text === null) return;
    progress.clear();
    output.write(format === 'text' && options.verbose ? `${text}${renderVerbose(entry.result)}` : text);
  };
  const results = await printInOrder(pending, interrupted.promise, print);
  progress.clear();
  output.write(renderAll(format, results, output, thresholds));
  for (const { result } of results) hintAtFile(result);
  if (interrupted.isOver()) {
    stop.abort(new Error('The check was interrupted.'));
    process.stderr.write(
      `notafter: interrupted; ${count(results.length, 'result')} of ${count(targets.length, 'target')}.\n`,
    );
    return interruptedStatus;
  }
  const found = results.map(({ result }) => result);
  const status = format === 'nagios' ? nagiosStatus(found) : worstStatus(found);
  if (skipped.length === 0) return status;
  process.stderr.write(`notafter: ${count(skipped.length, 'entry', 'entries')} skipped.\n`);
  return status === 0 ? usageStatus : status;
}

/** Reads the targets named on the command line and in files. @throws UsageError if there is none */
async function readAllTargets(hosts: readonly string[], options: CheckCommandOptions) {
  const named = await Promise.all(hosts.map((host) => readTargetsOf(host, options)));
  const lists = options.from.map((path) => readTargets(path, options));
  const skipped = lists.flatMap((list) => list.skipped);
  const targets = [...named.flat(), ...lists.flatMap((list) => list.targets)];
  for (const sentence of skipped) process.stderr.write(`notafter: ${forTerminal(sentence)}\n`);
  if (targets.length === 0) throw new UsageError('Enter a target, or a file with targets (--from FILE).');
  return { targets, skipped };
}

/** Makes a prober and tests the files it will need. @throws UsageError for a file that cannot be used */
async function openProber(
  caFiles: readonly string[],
  connection: Connection,
  timeoutMs: number,
): Promise<Prober> {
  const prober = new Prober();
  try {
    await prober.testFiles({ caFiles, connection, timeoutMs });
    for (const fault of prober.faultsOfCaFiles(caFiles))
      process.stderr.write(`notafter: ${forTerminal(fault)}\n`);
  } catch (error) {
    if (error instanceof InputFileError)
      throw new FieldsError([{ path: error.field.split('.'), message: error.message }], { cause: error });
    throw error;
  }
  return prober;
}

/** Prints results in the order of their targets as they arrive. Returns them, up to an interruption. */
async function printInOrder(
  pending: readonly Promise<Named[]>[],
  interrupted: Promise<null>,
  print: (entry: Named) => void,
): Promise<Named[]> {
  const results: Named[] = [];
  // After an interruption the rest is aborted and not awaited.
  for (const one of pending) one.catch(() => undefined);
  for (const one of pending) {
    const checked = await Promise.race([one, interrupted]);
    if (checked === null) break;
    for (const entry of checked) {
      results.push(entry);
      print(entry);
    }
  }
  return results;
}

/** Waits for Ctrl+C: what was found until then is printed. A second one ends the program as ever. */
function onInterrupt() {
  const { promise, resolve } = Promise.withResolvers<null>();
  let isOver = false;
  const onSignal = () => {
    isOver = true;
    resolve(null);
  };
  process.once('SIGINT', onSignal);
  return { promise, isOver: () => isOver, [Symbol.dispose]: () => void process.off('SIGINT', onSignal) };
}

/** A word without a slash is a host: where no name server knows it, a file or folder of that name may have been meant. */
function hintAtFile({ target, unreachable }: CheckResult): void {
  if ('file' in target || unreachable?.reason !== 'dns' || !existsSync(target.host)) return;
  const { host } = target;
  process.stderr.write(
    `notafter: There is a file or folder ${forTerminal(host)} here: write ./${forTerminal(host)} to check it.\n`,
  );
}

/** An entry of a file has its label behind the path: `a.jks (web)`. */
function nameOf(target: Target, { entry }: CheckResult): string {
  return entry?.label ? `${formatTarget(target)} (${entry.label})` : formatTarget(target);
}

/** A host, or the files that a path, a folder or a glob names. @throws UsageError */
async function readTargetsOf(text: string, options: CheckCommandOptions): Promise<Target[]> {
  return (await readFileTargets(text, options)) ?? [readTarget(text, options)];
}

/** Targets from a file in any form that can be imported, and why its other entries are skipped; `-` is standard input. */
function readTargets(path: string, options: CheckCommandOptions): { targets: Target[]; skipped: string[] } {
  const { text } = readTextFile(path);
  const read = readImport(text);
  if ('message' in read) throw new UsageError(`${inputName(path)}: ${read.message}`);
  const targets = read.items.flatMap((item) =>
    'job' in item ? [withOptions(item.job.target, options)] : [],
  );
  const skipped = read.items.flatMap((item) =>
    'message' in item ? [`${inputName(path)}:${item.line}: ${item.message}`] : [],
  );
  return { targets, skipped };
}

function readTarget(text: string, options: CheckCommandOptions): Target {
  const parsed = parseTarget(text);
  if (!parsed.ok)
    throw new UsageError(
      targetRefusal(text, parsed.message, 'To read targets from standard input, use --from -.'),
    );
  if (!isFileTarget(parsed.target)) return withOptions(parsed.target, options);
  return { ...parsed.target, passphraseFile: options.passphraseFile[0] ?? null };
}

/** A target with the options that hold for every host, wherever it was named. @throws FieldsError */
function withOptions(target: Target, { starttls, servername }: CheckCommandOptions): Target {
  if (isFileTarget(target) || (starttls === undefined && !servername)) return target;
  const parsed = targetInputSchema.safeParse({
    ...target,
    ...(starttls === undefined ? {} : { starttls: starttlsOf(starttls) }),
    ...(servername ? { servername } : {}),
  });
  if (!parsed.success) throw new FieldsError(parsed.error.issues);
  return parsed.data;
}

function readConnection({ passphraseFile: [passphraseFile], ...options }: CheckCommandOptions): Connection {
  const parsed = newConnectionSchema.safeParse(readConnectionFields(options, passphraseFile));
  if (!parsed.success) throw new FieldsError(parsed.error.issues);
  return parsed.data;
}

function readThresholds({ warning, critical }: CheckCommandOptions): Thresholds {
  const parsed = thresholdsSchema.safeParse({
    warning: warning === undefined ? null : { days: warning },
    critical: critical === undefined ? null : { days: critical },
  });
  if (!parsed.success) throw new FieldsError(parsed.error.issues);
  return parsed.data;
}
