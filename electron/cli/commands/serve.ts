import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import Conf from 'conf';
import stringArgv from 'string-argv';
import { count } from '../../../shared/text/words.ts';
import { ApiService } from '../../api/api-service.ts';
import { ListenCertificateError, type OpenListening } from '../../api/http/listener.ts';
import { ListenSocketError, type SocketListening } from '../../api/http/socket-listener.ts';
import type { LocalHook } from '../../engine/channels/dispatcher.ts';
import { type CommandLine, listedCommands } from '../../engine/channels/program-consent.ts';
import { sendToCommand, sendToStream } from '../../engine/channels/senders.ts';
import { systemClock } from '../../engine/clock.ts';
import { logCrashes } from '../../engine/crash-log.ts';
import { Engine } from '../../engine/engine.ts';
import { openFileLog } from '../../engine/file-log.ts';
import { keepMemorySmall } from '../../engine/idle-memory.ts';
import { trustedFolder } from '../../engine/jobs/trusted-files.ts';
import type { Log } from '../../engine/log.ts';
import { restrictFiles } from '../../engine/probe/files/file-roots.ts';
import { InputFileError } from '../../engine/probe/files/input-file.ts';
import { systemLookups } from '../../engine/probe/name-lookups.ts';
import type { Prober } from '../../engine/probe/prober.ts';
import { openConfigFile } from '../../engine/store/config-format.ts';
import { defaultDataFolder, openDataFolder, secretKeyFile } from '../../engine/store/data-folder.ts';
import type { SecretBox } from '../../engine/store/secret-box.ts';
import { UsageError } from '../exit-status.ts';
import { FieldsError } from '../field-options.ts';
import { openPage } from '../open-page.ts';
import { canRun } from '../runnable.ts';

/** How long the file that leads the browser to the page is kept. */
const openFileMs = 60_000;
/** How long CA files of the command line may take to be read at the start. */
const filesTimeoutMs = 30_000;

export interface ServeCommandOptions {
  port: number;
  data?: string;
  ca: string[];
  filesRoot: string[];
  open: boolean;
  alertCommand?: string;
  alertStdout: boolean;
  channelCommand: string[];
  listen?: string;
  tlsCert?: string;
  tlsKey?: string;
  socket?: string;
  publicUrl?: string;
  allowPublicRanges: boolean;
  json: boolean;
}

/** Where the built page and documentation lie, and which version this is. */
export interface Build {
  pageFolder: string;
  docsFolder: string;
  /** A certificate file to try NotAfter on. */
  exampleFile: string;
  version: string;
  /** Opens the secret box of a data folder, where this program can ask the system's keyring. */
  openSecretBox?: (path: string, log: Log) => Promise<SecretBox | null>;
}

/**
 * `notafter serve`: runs engine, API and page on loopback until a signal.
 * @returns the exit status, once it has ended
 * @throws DataFolderError where the data folder cannot be used; UsageError for a CA file or a port that cannot
 */
export async function runServe(
  options: ServeCommandOptions,
  build: Build,
  output: NodeJS.WriteStream,
): Promise<number> {
  const caFiles = options.ca.map((path) => resolve(path));
  const others = readListening(options);
  const socket = readSocket(options);
  const checker = await openProber(caFiles);
  const data = resolve(options.data ?? defaultDataFolder(process.platform, process.env));
  using _files = restrictToRoots(options.filesRoot, data, [...caFiles, build.exampleFile]);
  const folder = openDataFolder(data);
  const log = openFileLog({ path: folder.file(join('logs', 'notafter.log')), echo: process.stderr });
  using _crashes = logCrashes(log, build.version);
  const secretBox = await build.openSecretBox?.(folder.file(secretKeyFile), log);
  const engine = new Engine({
    folder,
    ...(secretBox ? { secretBox } : {}),
    openConfig: (cwd) => openConfigFile((format) => new Conf({ cwd, configName: 'config', ...format })),
    clock: systemClock,
    log,
    version: build.version,
    exampleFile: build.exampleFile,
    caFiles,
    ...(checker ? { checker } : {}),
    hooks: localHooks(options, output),
    programs: listedCommands(options.channelCommand.map(readCommand)),
    allowPublicRanges: options.allowPublicRanges,
  });
  const api = new ApiService({ ...build, engine, log, dataFolder: folder.path });
  const server = await api.start({ port: options.port, others, socket }).catch(async (error: unknown) => {
    await engine.stop();
    throw asUsageError(error, options);
  });
  engine.start();
  const endMemory = keepMemorySmall(systemClock, engine.checks);
  const { token } = api.get();
  const signed = `${server.url}#token=${token}`;
  if (options.json) {
    const { url, listenUrl } = server;
    output.write(`${JSON.stringify({ url, listenUrl, token, dataDir: folder.path, pid: process.pid })}\n`);
  } else {
    output.write(
      `NotAfter watches ${count(engine.jobs.count, 'job')} from ${folder.path}\n\n  Page  ${signed}\n  API   ${server.url}docs\n${server.listenUrl ? `  For others  ${server.listenUrl}\n` : ''}\nPress Ctrl+C to stop.\n`,
    );
  }
  const opened = options.open
    ? openPage(signed, folder.path, (reason) =>
        log.warn(`No browser could be opened (${reason}). Open the page’s address yourself.`),
      )
    : null;
  // By then the browser has read the file, and the page has kept the token for its tab.
  const cancelRemoval = systemClock.after(openFileMs, () => opened?.[Symbol.dispose]());
  const signal = await nextSignal();
  log.info(`${signal}: stopping`);
  cancelRemoval();
  endMemory();
  opened?.[Symbol.dispose]();
  engine.run.end();
  await api.stop();
  await engine.stop();
  // A look-up that the name server does not answer cannot be called off, and a process that ends by itself waits for it. Everything
  // is written: the signal has its usual effect now.
  if (systemLookups.running > 0) process.kill(process.pid, signal);
  return 0;
}

/**
 * Tests the CA files of the command line, and returns the prober that has read them; undefined where there are none: the engine loads its
 * own for the first check, and the start does not wait for it.
 * @throws FieldsError for a file that cannot be used
 */
async function openProber(caFiles: readonly string[]): Promise<Prober | undefined> {
  if (caFiles.length === 0) return undefined;
  const probing = await import('../../engine/probe/prober.ts');
  const prober = new probing.Prober();
  try {
    await prober.testFiles({ caFiles, timeoutMs: filesTimeoutMs });
  } catch (error) {
    if (error instanceof InputFileError)
      throw new FieldsError([{ path: error.field.split('.'), message: error.message }], { cause: error });
    throw error;
  }
  return prober;
}

/** What clients may have read: everything, unless roots are named. @throws UsageError */
function restrictToRoots(roots: readonly string[], data: string, others: readonly string[]): Disposable {
  if (roots.length === 0) return { [Symbol.dispose]() {} };
  for (const root of roots)
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`--files-root names a folder: ${root} is none.`);
  // Certificates that were trusted from the page are files of ours.
  return restrictFiles([...roots, join(data, trustedFolder)], others);
}

/** Reads a command that channels may run. @throws UsageError */
function readCommand(text: string): CommandLine {
  const [program, ...args] = stringArgv(text);
  if (program === undefined || !isAbsolute(program))
    throw new UsageError(`--channel-command begins with the full path of a program: ${text} does not.`);
  return { program, args };
}

/** Hooks that only the command line can set: over the API, clients could use them to run commands. */
function localHooks(
  { alertCommand, alertStdout }: ServeCommandOptions,
  output: NodeJS.WriteStream,
): LocalHook[] {
  const [command, ...args] = alertCommand === undefined ? [] : stringArgv(alertCommand);
  if (alertCommand !== undefined && command === undefined)
    throw new UsageError('--alert-command needs a command.');
  if (command !== undefined && !canRun(command, process.env))
    throw new UsageError(`--alert-command: ${command} does not exist or cannot be run.`);
  return [
    ...(command === undefined ? [] : [{ name: 'command', send: sendToCommand(command, args) }]),
    ...(alertStdout ? [{ name: 'stdout', send: sendToStream(output) }] : []),
  ];
}

/** Where it listens for other machines. @throws UsageError */
function readListening({ listen, tlsCert, tlsKey }: ServeCommandOptions): OpenListening | undefined {
  if (listen === undefined) {
    if (tlsCert !== undefined || tlsKey !== undefined)
      throw new UsageError('--tls-cert and --tls-key need --listen.');
    return undefined;
  }
  if (tlsCert === undefined || tlsKey === undefined)
    throw new UsageError('To listen for other machines, add a certificate with --tls-cert and --tls-key.');
  const [, host = '', port] =
    /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(listen)?.filter((part) => part !== undefined) ?? [];
  if (isIP(host) === 0 || Number(port) > 65_535)
    throw new UsageError(
      '--listen needs an address and a port, such as 192.0.2.7:7443, 0.0.0.0:7443 or [::]:7443.',
    );
  return { host, port: Number(port), certFile: resolve(tlsCert), keyFile: resolve(tlsKey) };
}

/** Nothing but scheme, host and port: it is printed, and compared with what browsers send. */
function isPlainOrigin(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

/** The socket for a reverse proxy. @throws UsageError */
function readSocket({ socket, publicUrl }: ServeCommandOptions): SocketListening | undefined {
  if (socket === undefined) {
    if (publicUrl !== undefined) throw new UsageError('--public-url goes with --socket.');
    return undefined;
  }
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  if (publicUrl !== undefined && (!url || !isPlainOrigin(url)))
    throw new UsageError('--public-url is an address without a path, such as https://notafter.example.com.');
  return { path: resolve(socket), publicUrl: url };
}

function asUsageError(error: unknown, { port, listen, socket }: ServeCommandOptions): unknown {
  if (error instanceof ListenCertificateError || error instanceof ListenSocketError)
    return new UsageError(error.message);
  // SAFETY: what a failed listen throws (net.Server 'error'); each field may be missing.
  const { code, port: taken, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (socket !== undefined && address === resolve(socket))
    return new UsageError(
      `${socket} cannot be listened on (${code}). Its folder must exist, and be writable.`,
    );
  if (code === 'EADDRNOTAVAIL') return new UsageError(`${listen} is not an address of this machine.`);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  if (taken !== port) return new UsageError(`Cannot listen on ${listen} (${code}).`);
  const why =
    code === 'EADDRINUSE' ? `Port ${port} is already in use.` : `Cannot listen on port ${port} (${code}).`;
  return new UsageError(`${why} Choose another with --port; 0 picks a free one.`);
}

function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve: settle } = Promise.withResolvers<NodeJS.Signals>();
  // The end of a terminal is a SIGHUP.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, settle);
  return promise;
}
