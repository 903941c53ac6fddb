import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHeadlessPackage } from '../../build/package/headless.ts';
import { freePort } from '../support/free-port.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const recipe = readFileSync(join(import.meta.dirname, '../../docs/examples/container/Dockerfile'), 'utf8');
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const chroot = '/usr/sbin/chroot';
const canTry = process.platform === 'linux' && process.getuid?.() === 0 && existsSync(chroot);

/** What a line of the recipe says, in its JSON form. */
const said = (line: string): string[] =>
  JSON.parse(new RegExp(`^${line} (\\[.*\\])$`, 'm').exec(recipe)?.[1] ?? '[]') as string[];

describe.runIf(canTry)('the container’s recipe, its last stage made in a folder', () => {
  const folder = temporaryFolder();
  const image = folder.file('image');
  const [, uid = 0] = /^USER (\d+)/m.exec(recipe) ?? [];
  const public_ = 'https://notafter.example.com';
  let child: ReturnType<typeof spawn>;

  /** As the runtime starts it: as the recipe's user, with its environment, in its files alone. */
  const start = (args: readonly string[]) =>
    spawn(chroot, [`--userspec=${uid}:${uid}`, '--groups=', image, ...args], {
      env: { HOME: '/data' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const ask = (send: typeof httpRequest | typeof httpsRequest, options: object) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
    send(options, (response) => {
      let body = '';
      response
        .on('data', (chunk: Buffer) => (body += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
    return promise;
  };
  const socket = () => join(image, 'run/notafter/notafter.sock');
  const onSocket = (path: string, headers = {}) =>
    ask(httpRequest, { socketPath: socket(), path, headers: { host: 'localhost', ...headers } });

  beforeAll(async () => {
    // COPY --from=install: Node with the libraries of the base image, and the package.
    const libraries =
      execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+(?= \()/g) ?? [];
    for (const file of libraries) {
      mkdirSync(join(image, dirname(file)), { recursive: true });
      copyFileSync(file, join(image, file));
    }
    mkdirSync(join(image, 'usr/local/bin'), { recursive: true });
    copyFileSync(process.execPath, join(image, 'usr/local/bin/node'));
    await writeHeadlessPackage(folder.file('package'), {});
    cpSync(folder.file('package'), join(image, 'opt/notafter'), { recursive: true });
    for (const volume of said('VOLUME')) {
      mkdirSync(join(image, volume), { recursive: true });
      chownSync(join(image, volume), Number(uid), Number(uid));
    }
    chmodSync(folder.path, 0o755);
    child = start([...said('ENTRYPOINT'), ...said('CMD'), '--public-url', public_, '--port', '0', '--json']);
    await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  }, 120_000);
  afterAll(() => {
    child.kill('SIGKILL');
    folder[Symbol.dispose]();
  });

  it('runs as no root, and answers on its socket, which owner and group alone may open', async () => {
    expect(Number(uid)).toBeGreaterThan(1000);
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\t${uid}\\t${uid}\\t`, 'm'),
    );
    expect(statSync(socket()).mode & 0o777).toBe(0o660);
    expect(await onSocket('/healthz')).toEqual({ status: 200, body: 'ok\n' });
    expect((await onSocket('/api/v1/jobs')).status).toBe(401);
    expect((await onSocket('/healthz', { host: 'evil.example' })).status).toBe(421);
    expect((await onSocket('/healthz', { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('is healthy by its own health check', async () => {
    const [, command = '[]'] = /^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(recipe) ?? [];
    const [code] = (await once(start(JSON.parse(command) as string[]), 'close')) as [number];
    expect(code).toBe(0);
  });

  it.runIf(has('nginx'))('answers behind nginx by the configuration of the docs', async () => {
    const ca = makeCa();
    const leaf = ca.issue({ name: 'notafter.example.com', sans: ['notafter.example.com'] });
    writeFileSync(folder.file('notafter.pem'), leaf.pem);
    writeFileSync(folder.file('notafter.key'), leaf.key);
    const port = await freePort();
    const server = readFileSync(join(import.meta.dirname, '../../docs/examples/container/nginx.conf'), 'utf8')
      .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replaceAll('/etc/nginx/', `${folder.path}/`)
      .replace('/run/notafter/notafter.sock', socket());
    writeFileSync(
      folder.file('nginx.conf'),
      `user root;\ndaemon off;\npid ${folder.file('pid')};\nerror_log stderr;\nevents {}\nhttp { access_log off;\n${server}\n}\n`,
    );
    const nginx = spawn('nginx', ['-p', folder.path, '-c', folder.file('nginx.conf')], { stdio: 'ignore' });
    try {
      const options = {
        host: '127.0.0.1',
        port,
        servername: 'notafter.example.com',
        ca: ca.pem,
        headers: { host: 'notafter.example.com', origin: public_ },
      };
      await expect
        .poll(() => ask(httpsRequest, { ...options, path: '/healthz' }).catch(() => null))
        .toEqual({ status: 200, body: 'ok\n' });
      expect((await ask(httpsRequest, { ...options, path: '/' })).body).toContain('<title>NotAfter</title>');
    } finally {
      nginx.kill('SIGTERM');
      await once(nginx, 'close');
    }
  });

  it('ends cleanly by SIGTERM, and leaves no socket', async () => {
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, isLeft: existsSync(socket()) }).toEqual({ code: 0, isLeft: false });
  });
});
