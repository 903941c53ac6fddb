import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRuntime } from '../../build/runtime.ts';
import { chromiumSwitches, displayObstacle, earlyEnd, type StartFacts } from '../../build/start-plan.ts';
import { isHeld } from '../../electron/engine/store/folder-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A build, a runtime and a service start one after the other. */
const patience = { timeout: 45_000 };

const root = join(import.meta.dirname, '../..');
const linux: StartFacts = {
  platform: 'linux',
  environment: { DISPLAY: ':0' },
  uid: 1000,
  isNamespaceRestricted: false,
  isHelperSetUp: false,
};

describe('displayObstacle', () => {
  it('is a Linux without X and Wayland', () => {
    expect(displayObstacle({ ...linux, environment: {} })).toBe('There is no display here.');
    expect(displayObstacle(linux)).toBeNull();
    expect(displayObstacle({ ...linux, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
    expect(displayObstacle({ ...linux, platform: 'darwin', environment: {} })).toBeNull();
  });
});

describe('chromiumSwitches', () => {
  it.each([
    ['an ordinary user', {}, []],
    ['root', { uid: 0 }, ['--no-sandbox']],
    ['restricted user namespaces', { isNamespaceRestricted: true }, ['--no-sandbox']],
    ['restricted ones with a set-up helper', { isNamespaceRestricted: true, isHelperSetUp: true }, []],
    ['root on macOS', { uid: 0, platform: 'darwin' }, []],
    [
      'Wayland alone, without its session',
      { environment: { WAYLAND_DISPLAY: 'wayland-0' } },
      ['--ozone-platform=wayland'],
    ],
    [
      'a Wayland session with X alone',
      { environment: { DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' } },
      ['--ozone-platform=x11'],
    ],
    [
      'a Wayland session',
      { environment: { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' } },
      [],
    ],
  ] as const)('for %s', (_name, more, switches) => {
    const facts: StartFacts = { ...linux, ...more };
    expect(chromiumSwitches(facts).switches).toEqual(switches);
    expect(chromiumSwitches(facts).sentence === null).toBe(
      !chromiumSwitches(facts).switches.includes('--no-sandbox'),
    );
  });
});

describe('earlyEnd', () => {
  it('is an end by a signal or with an error in the first five seconds', () => {
    expect(earlyEnd(null, 'SIGTRAP', 300)).toBe('Electron ended by SIGTRAP.');
    expect(earlyEnd(1, null, 300)).toBe('Electron ended with status 1.');
    expect(earlyEnd(0, null, 300)).toBeNull();
    expect(earlyEnd(1, null, 5_000)).toBeNull();
  });
});

/** `npm start` with a runtime of the test's, on a data folder of the test's. */
function start(home: { path: string }, env: Record<string, string | undefined>) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'build/run.js'), join(root, 'build/start.ts')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DISPLAY: undefined,
        WAYLAND_DISPLAY: undefined,
        XDG_CONFIG_HOME: home.path,
        HOME: home.path,
        PATH: '/nowhere', // No browser is opened.
        ...env,
      },
    },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return Object.assign(child, {
    said: () => text,
    ended: once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  });
}

/** A runtime: a shell script in Electron's place, which writes down its arguments. */
function runtime(body: string) {
  const folder = temporaryFolder();
  writeFileSync(
    folder.file('electron'),
    `#!/bin/sh\nPATH=/usr/bin:/bin\nprintf '%s\\n' "$@" > ${folder.file('args')}\n${body}\n`,
  );
  chmodSync(folder.file('electron'), 0o755);
  return folder;
}

describe.runIf(process.platform === 'linux')('npm start', { timeout: 60_000 }, () => {
  it('starts headless without a display, before anything is fetched, and ends by one Ctrl+C', async () => {
    using home = temporaryFolder();
    using started = start(home, {});
    await expect.poll(started.said, patience).toContain('Press Ctrl+C to stop');
    expect(started.said()).toContain('There is no display here. NotAfter starts without a desktop');
    expect(started.said()).not.toContain('Fetching');
    started.kill('SIGINT');
    expect(await started.ended).toEqual([0, null]);
    expect(isHeld(join(home.path, 'NotAfter'))).toBe(false);
  });

  it.each([
    ['aborts in its sandbox', 'kill -TRAP $$', 'Electron ended by SIGTRAP.'],
    ['finds no display', "echo 'Missing X server or $DISPLAY' >&2; exit 1", 'Electron ended with status 1.'],
  ])('starts headless where Electron %s, and says so', async (_name, body, sentence) => {
    using home = temporaryFolder();
    using electron = runtime(body);
    using started = start(home, { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: electron.path });
    await expect.poll(started.said, patience).toContain('Press Ctrl+C to stop');
    expect(started.said()).toContain(`${sentence} NotAfter starts without a desktop`);
    started.kill('SIGTERM');
    expect(await started.ended).toEqual([0, null]);
  });

  it.each([
    // As root the switch is added, so the stand-in's sandbox lets it pass, and its missing display ends it.
    [
      'root,no-display',
      process.getuid?.() === 0 ? 'Electron ended with status 1.' : 'Electron ended by SIGTRAP.',
    ],
    ['no-display', 'Electron ended with status 1.'],
    ['sandbox-refused', process.getuid?.() === 0 ? null : 'Electron ended by SIGTRAP.'],
  ])('meets the stand-in in the modes %s as it would meet Electron', async (modes, sentence) => {
    if (sentence === null)
      return expect(chromiumSwitches({ ...linux, uid: 0 }).switches).toContain('--no-sandbox');
    using home = temporaryFolder();
    using started = start(home, {
      DISPLAY: ':99',
      PATH: process.env['PATH'],
      STAND_IN_MODES: modes,
      ELECTRON_OVERRIDE_DIST_PATH: join(root, 'test/electron-stand-in'),
    });
    await expect.poll(started.said, patience).toContain('Press Ctrl+C to stop');
    expect(started.said()).toContain(`${sentence} NotAfter starts without a desktop`);
    started.kill('SIGINT');
    expect(await started.ended).toEqual([0, null]);
  });

  it('takes another port where its own is taken', async () => {
    const other = createServer().listen(7443, '127.0.0.1');
    // Where another program has it already, that is just as well.
    await once(other, 'listening').catch(() => undefined);
    try {
      using home = temporaryFolder();
      using started = start(home, {});
      await expect.poll(started.said, patience).toMatch(/Page {2}http:\/\/127\.0\.0\.1:(?!7443)\d+\//);
      started.kill('SIGINT');
      expect(await started.ended).toEqual([0, null]);
    } finally {
      other.close();
    }
  });

  it('starts headless where the runtime is there and cannot be run', async () => {
    using home = temporaryFolder();
    using electron = runtime('exit 0');
    chmodSync(electron.file('electron'), 0o644);
    using started = start(home, { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: electron.path });
    await expect.poll(started.said, patience).toContain('Press Ctrl+C to stop');
    expect(started.said()).toMatch(
      /EACCES[\s\S]*Electron ended with status 1\. NotAfter starts without a desktop/,
    );
    started.kill('SIGINT');
    expect(await started.ended).toEqual([0, null]);
  });

  it.runIf(findRuntime() === null)(
    'ends by Ctrl+C while it fetches the runtime, and starts nothing',
    async () => {
      // A proxy that takes the connection and says nothing.
      const proxy = createServer().listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      // SAFETY: it listens on a TCP port.
      const { port } = proxy.address() as AddressInfo;
      try {
        using home = temporaryFolder();
        using started = start(home, { DISPLAY: ':99', HTTPS_PROXY: `http://127.0.0.1:${port}` });
        const [socket] = (await once(proxy, 'connection')) as [Socket];
        started.kill('SIGINT');
        expect(await started.ended).toEqual([130, null]);
        expect(started.said()).not.toContain('without a desktop');
        socket.destroy();
      } finally {
        proxy.close();
      }
    },
  );

  it('hands Ctrl+C to the desktop once, and ends with its status', async () => {
    using home = temporaryFolder();
    using electron = runtime(
      'count=0; trap \'count=$((count+1)); echo heard >> "$0.heard"; sleep 0.3; exit 0\' INT\necho ready\nwhile :; do sleep 0.05; done',
    );
    using started = start(home, { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: electron.path });
    await expect.poll(started.said, patience).toContain('ready');
    started.kill('SIGINT');
    started.kill('SIGINT');
    expect(await started.ended).toEqual([0, null]);
    expect(readFileSync(electron.file('electron.heard'), 'utf8')).toBe('heard\n');
    const args = readFileSync(electron.file('args'), 'utf8').split('\n');
    if (process.getuid?.() === 0) {
      expect(args).toContain('--no-sandbox');
      expect(started.said()).toContain('Chromium’s sandbox is off, because it does not run as root.');
    }
  });
});
