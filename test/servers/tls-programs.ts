import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { vi } from 'vitest';
import { findProgram } from './real-server.ts';

/** Where a server finds its certificate, and where it listens. */
export interface Place {
  port: number;
  cert: string;
  key: string;
  file: (name: string) => string;
}

/** A program that serves TLS. */
export interface ReadServer {
  name: string;
  program: string;
  /** It cannot be told to listen on loopback alone, so it gets a network of its own, which has nothing else. */
  isAlone?: true;
  command: (place: Place, version: 'TLSv1.2' | 'TLSv1.3') => string[];
}

export const servers: ReadServer[] = [
  {
    name: 'nginx',
    program: 'nginx',
    command: ({ port, cert, key, file }, version) => {
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${file(name)};`,
      );
      writeFileSync(
        file('nginx.conf'),
        `daemon off; pid ${file('pid')}; error_log ${file('error.log')}; events {}
        http { access_log off; ${paths.join(' ')}
          server { listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key}; ssl_protocols ${version}; } }`,
      );
      return ['-c', file('nginx.conf')];
    },
  },
  {
    name: 'GnuTLS',
    program: 'gnutls-serv',
    isAlone: true,
    command: ({ port, cert, key }, version) => [
      '--http',
      '--port',
      String(port),
      '--x509certfile',
      cert,
      '--x509keyfile',
      key,
      '--priority',
      `NORMAL:-VERS-ALL:+VERS-${version.replace('v', '')}`,
    ],
  },
];

/** A running server, and a stream to it. */
export interface Running extends AsyncDisposable {
  open(): Promise<Duplex>;
}

/** Starts a program and waits until it answers. */
export async function start(
  { program, command, isAlone }: ReadServer,
  place: Place,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<Running> {
  const path = findProgram(program) ?? program;
  const inOwnNetwork = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', path];
  const [first = '', ...rest] = [...(isAlone ? inOwnNetwork : [path]), ...command(place, version)];
  const child = spawn(first, rest, { stdio: 'ignore' });
  const open = () => (isAlone ? openInNetworkOf(child, place.port) : connect(place.port, '127.0.0.1'));
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended.`);
      const stream = open();
      try {
        await once(stream, isAlone ? 'data' : 'connect', { signal: AbortSignal.timeout(1000) });
      } finally {
        stream.destroy();
      }
    },
    { timeout: 20_000, interval: 50 },
  );
  return {
    open: async () => (isAlone ? withoutFirstByte(open()) : open()),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
    },
  };
}

/** Connects within another process's network, and says a byte when it is connected. */
const bridge = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => {
  process.stdout.write('!');
  process.stdin.pipe(socket).pipe(process.stdout);
});
socket.on('error', () => process.exit(1));
`;

function openInNetworkOf({ pid }: ChildProcess, port: number): Duplex {
  const child = spawn(
    'nsenter',
    ['--target', String(pid), '--net', process.execPath, '-e', bridge, String(port)],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => undefined); // Ended by whoever has seen enough.
  stream.once('close', () => child.kill());
  return stream;
}

/** The stream behind the byte that says that it is connected. */
async function withoutFirstByte(stream: Duplex): Promise<Duplex> {
  const [chunk] = (await once(stream, 'data')) as [Buffer];
  stream.pause();
  if (chunk.length > 1) stream.unshift(chunk.subarray(1));
  return stream;
}
