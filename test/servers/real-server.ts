import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';
import type { StarttlsProtocol } from '../../shared/schema/target.ts';
import type { Issued } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a port speaks: a protocol that is upgraded, or TLS from the first byte. */
type ServedProtocol = StarttlsProtocol | 'tls';

/** A server of this machine, run on loopback from a folder of its own. */
export interface RealServer extends AsyncDisposable {
  ports: Partial<Record<ServedProtocol, number>>;
}

/** What a recipe is given: a folder with the certificate in it, and free ports. */
interface Place {
  folder: string;
  cert: string;
  key: string;
  port: (protocol: ServedProtocol) => number;
  write: (name: string, text: string) => string;
}

export interface Recipe {
  name: string;
  /** The program whose presence means that the server is installed. */
  program: string;
  protocols: ServedProtocol[];
  /** Prepares the folder and answers the command that runs in the foreground. */
  prepare: (place: Place, program: string) => string[];
  /** How to end it, where a signal to the process is not enough. */
  stop?: (place: Place) => string[];
  /** What of it runs on once it has ended, by the command that ends that. */
  afterwards?: (place: Place) => string[];
  /** The account that runs it, where root may not. */
  user?: string;
}

const moreFolders = [
  '/usr/sbin',
  '/sbin',
  '/usr/lib/postgresql/17/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/15/bin',
];

export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...moreFolders];
  const paths = folders.map((folder) => join(folder, name));
  return (
    paths.find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false; // Not there: the next folder may have it.
      }
    }) ?? null
  );
}

export function run(command: readonly string[], user?: string): void {
  const [program = '', ...args] = user === undefined ? command : ['runuser', '-u', user, '--', ...command];
  const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}${stdout}`);
}

/** Starts a server and waits until every port of it answers. */
export async function startServer(
  recipe: Recipe,
  program: string,
  leaf: Issued,
  ca: Issued,
): Promise<RealServer> {
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  const owner = recipe.user ?? 'root';
  const ports: RealServer['ports'] = {};
  for (const protocol of recipe.protocols) ports[protocol] = await freePort();
  const place: Place = {
    folder: folder.path,
    cert: folder.file('cert.pem'),
    key: folder.file('key.pem'),
    port: (protocol) => ports[protocol] ?? 0,
    write(name, text) {
      mkdirSync(join(folder.file(name), '..'), { recursive: true });
      writeFileSync(folder.file(name), text);
      return folder.file(name);
    },
  };
  writeFileSync(place.cert, leaf.pem + ca.pem);
  writeFileSync(place.key, leaf.key, { mode: 0o600 });
  run(['chown', '-R', owner, folder.path]);
  const [command = '', ...args] = recipe.prepare(place, program);
  const asUser =
    recipe.user === undefined ? [command, ...args] : ['runuser', '-u', recipe.user, '--', command, ...args];
  const child = spawn(asUser[0] as string, asUser.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = collect(child);
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`${recipe.name} ended: ${said()}`);
      for (const port of Object.values(ports)) await reach(port);
    },
    { timeout: 30_000, interval: 100 },
  );
  return {
    ports,
    async [Symbol.asyncDispose]() {
      if (recipe.stop) run(recipe.stop(place));
      else child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
      const [last, ...more] = recipe.afterwards?.(place) ?? [];
      if (last !== undefined) spawnSync(last, more);
      folder[Symbol.dispose]();
    },
  };
}

function collect(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000);
    });
  }
  return () => said;
}

async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
