import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../../build/run.js');

/** Has Node take itself for one of another version. */
function pretending(version: string): string[] {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return [`--import=data:text/javascript,${encodeURIComponent(pretend)}`];
}

/** Runs the launcher as a Node of a version would. */
function runAs(version: string, nodeFolder: string, ...args: string[]) {
  const child = spawnSync(process.execPath, [...pretending(version), script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NOTAFTER_NODE_FOLDER: nodeFolder },
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

describe('build/run.js', () => {
  it.each(['22.18.0', '22.99.0', '24.0.0', '26.1.0'])(
    'runs a script in Node %s itself, with its arguments',
    (version) => {
      using folder = temporaryFolder();
      writeFileSync(
        folder.file('script.ts'),
        'const words: string[] = process.argv.slice(2); console.log(words.join());',
      );
      expect(runAs(version, '/nowhere', folder.file('script.ts'), 'a', '--b')).toMatchObject({
        status: 0,
        stdout: 'a,--b\n',
      });
    },
  );

  it.each(['20.20.2', '22.17.1', '21.0.0', '23.11.0'])(
    'says in Node %s what to install, where no other came along',
    (version) => {
      const { status, stderr } = runAs(version, '/nowhere', 'script.ts');
      expect(status).toBe(1);
      expect(stderr).toBe(
        `NotAfter needs Node 22.18 or 24, and this is Node ${version}: install Node 24 from https://nodejs.org and run this again.\n`,
      );
    },
  );

  it.runIf(process.platform !== 'win32')(
    'uses the Node that came along in an older one, and hands on its status',
    () => {
      using folder = temporaryFolder();
      writeFileSync(folder.file('node'), '#!/bin/sh\necho "$@"\nexit 3\n');
      chmodSync(folder.file('node'), 0o755);
      const { status, stdout } = runAs('20.20.2', folder.path, 'script.ts', 'word');
      expect([status, stdout]).toEqual([3, `${join(process.cwd(), 'script.ts')} word\n`]);
    },
  );

  it.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands on a %s that is sent to it alone, once',
    async (signal) => {
      using folder = temporaryFolder();
      writeFileSync(folder.file('node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
      chmodSync(folder.file('node'), 0o755);
      writeFileSync(
        folder.file('script.ts'),
        `for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
          process.on(name, () => {
            console.log(name);
            setImmediate(() => process.exit(5));
          });
        setInterval(() => undefined, 60_000);
        console.log('ready');`,
      );
      const child = spawn(process.execPath, [...pretending('20.20.2'), script, folder.file('script.ts')], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NOTAFTER_NODE_FOLDER: folder.path },
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const closed = once(child, 'close');
      await expect.poll(() => said).toBe('ready\n');
      child.kill(signal);
      expect([await closed, said]).toEqual([[5, null], `ready\n${signal}\n`]);
    },
  );
});
