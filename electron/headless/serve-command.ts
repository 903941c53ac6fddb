import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import Conf from 'conf';
import { Checker, InputFileError } from '../engine/check/check.ts';
import { systemClock } from '../engine/clock.ts';
import { Engine } from '../engine/engine.ts';
import { openFileLog } from '../engine/file-log.ts';
import { DataFolderError, defaultDataFolder, openDataFolder } from '../engine/store/data-folder.ts';
import { startHttpServer } from '../http/http-server.ts';
import { readOrMakeToken } from '../http/token.ts';
import { UsageError } from './exit-status.ts';

export interface ServeCommandOptions {
  port: number;
  data?: string;
  ca: string[];
  open: boolean;
  json: boolean;
}

/** Where the built page and documentation lie, and which version this is. */
export interface Build {
  pageFolder: string;
  docsFolder: string;
  /** A certificate file to try NotAfter on. */
  exampleFile: string;
  version: string;
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
  const checker = new Checker();
  try {
    checker.testCaFiles(caFiles);
  } catch (error) {
    if (error instanceof InputFileError) throw new UsageError(error.message);
    throw error;
  }
  const folder = openDataFolder(resolve(options.data ?? defaultDataFolder(process.platform, process.env)));
  const log = openFileLog({ path: folder.file(join('logs', 'notafter.log')), echo: process.stderr });
  const engine = new Engine({
    folder,
    openConfig: (cwd) =>
      new Conf({ cwd, configName: 'config', configFileMode: 0o600, accessPropertiesByDotNotation: false }),
    clock: systemClock,
    log,
    version: build.version,
    exampleFile: build.exampleFile,
    caFiles,
    checker,
  });
  const token = readOrMakeToken(folder.file('token'));
  const server = await startHttpServer({ ...build, engine, token, log, port: options.port }).catch(
    async (error: NodeJS.ErrnoException) => {
      await engine.stop();
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
      throw new UsageError(
        `Port ${options.port} cannot be listened on (${error.code}). Choose another with --port; 0 picks a free one.`,
      );
    },
  );
  engine.start();
  const signed = `${server.url}#token=${token}`;
  if (options.json) {
    output.write(`${JSON.stringify({ url: server.url, token, dataDir: folder.path, pid: process.pid })}\n`);
  } else {
    output.write(
      `NotAfter watches ${engine.jobCount} jobs from ${folder.path}\n\n  Page  ${signed}\n  API   ${server.url}docs\n\nEnd it with Ctrl+C.\n`,
    );
  }
  if (options.open)
    openInBrowser(signed, (reason) =>
      log.warn(`No browser could be opened (${reason}): open the page’s address yourself.`),
    );
  const signal = await nextSignal();
  log.info(`${signal}: stopping`);
  await server.close();
  await engine.stop();
  return 0;
}

export { DataFolderError };

function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve: settle } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, settle);
  return promise;
}

/** The system's own way to open an address. The token stands in the fragment, which no server and no log sees. */
function openInBrowser(url: string, onFailure: (reason: string) => void): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(command as string, args, { stdio: 'ignore', detached: true });
  child.once('error', (error: NodeJS.ErrnoException) => onFailure(error.code ?? error.message));
  child.unref();
}
