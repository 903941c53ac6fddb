import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobView, jobInputSchema } from '../../../shared/schema/job.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const isRoot = process.getuid?.() === 0;

/** A folder with one job and its history, as a run of NotAfter leaves it. */
const sample = mkdtempSync(join(tmpdir(), 'notafter-sample-'));
let jobId = '';
beforeAll(async () => {
  await using service = await Service.start(sample);
  const added = await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'kept' });
  jobId = (added.body as JobView).id;
  await service.call('POST', `/jobs/${jobId}/check`);
  await service.end('SIGTERM');
});
afterAll(() => rmSync(sample, { recursive: true, force: true }));

/** What a start on a spoilt copy of the sample says and still has. */
async function startOn(spoil: (file: (name: string) => string) => void) {
  using folder = temporaryFolder();
  cpSync(sample, folder.path, { recursive: true });
  spoil(folder.file);
  await using service = await Service.start(folder.path);
  const jobs = (await service.call('GET', '/jobs')).body as { items: JobView[] };
  const status = (await service.call('GET', '/status')).body as { warning: string | null };
  const history = (await service.call('GET', `/jobs/${jobId}/history`)).body as { total?: number };
  return { names: jobs.items.map(({ name }) => name), warning: status.warning, results: history.total };
}

const damages: [string, (whole: Buffer) => string | Buffer][] = [
  ['truncated', (whole) => whole.subarray(0, Math.floor(whole.length / 2))],
  ['empty', () => ''],
  ['binary', () => Buffer.from(Array.from({ length: 9000 }, (_, index) => (index * 37) % 256))],
];

describe('a file of jobs that is', () => {
  it.each([
    ...damages,
    [
      'of wrong types',
      () => '{"schemaVersion":3,"jobs":{"0":"none"},"settings":[]}',
    ] as (typeof damages)[number],
    ['of no version', () => '{"jobs":[]}'] as (typeof damages)[number],
  ])('%s: the newest backup is restored, and the person is told', async (_what, damage) => {
    const { names, warning } = await startOn((file) => {
      mkdirSync(file('backups'), { recursive: true });
      cpSync(file('config.json'), file('backups/config-2026-11-24T09-00-00-000Z.json'));
      writeFileSync(file('config.json'), damage(readFileSync(file('config.json'))));
    });
    expect(names).toEqual(['kept']);
    expect(warning).toMatch(/could not be read\. It was kept as .*, and the backup of .* was restored/);
  });
});

describe('a history that is', () => {
  it.each(damages)('%s: it is set aside or begun anew, and the jobs are unharmed', async (what, damage) => {
    const { names, warning, results } = await startOn((file) => {
      for (const suffix of ['-wal', '-shm']) rmSync(file(`history.sqlite${suffix}`), { force: true });
      writeFileSync(file('history.sqlite'), damage(readFileSync(file('history.sqlite'))));
    });
    expect(names).toEqual(['kept']);
    expect(results).toBeLessThanOrEqual(1); // The job is checked at once.
    // An empty file is an empty database to SQLite, and nothing is lost with it.
    if (what !== 'empty')
      expect(warning).toMatch(/history of checks could not be read.*your jobs are unharmed/);
  });
  it('damaged while NotAfter runs: it is set aside then, and checks go on', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(
      jobInputSchema.parse({ target: { host: 'localhost', port: server.port } }),
    );
    test.clock.advance(0);
    await first;
    const other = new DatabaseSync(test.folder.file('history.sqlite'));
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
    const size = statSync(test.folder.file('history.sqlite')).size;
    writeFileSync(test.folder.file('history.sqlite'), Buffer.alloc(size, 0xa5));
    const told = test.next('state-changed');
    expect((await test.engine.checks.checkNow(id))?.status).toBe('ok');
    expect((await told).state.warning).toMatch(/history of checks could not be read/);
    expect(test.engine.results.list(id, 10, 0)?.total).toBe(1);
  });
});

describe('a file of a newer version', () => {
  it.each([
    ['jobs', 'config.json', (file: string) => writeFileSync(file, '{"schemaVersion":99,"jobs":[]}')],
    [
      'history',
      'history.sqlite',
      (file: string) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
    ],
  ])('with %s is refused with a sentence, and left as it is', async (_what, name, raise) => {
    using folder = temporaryFolder();
    cpSync(sample, folder.path, { recursive: true });
    raise(folder.file(name));
    const before = readFileSync(folder.file(name));
    const { status, stderr } = await runNotafter('serve', '--port', '0', '--data', folder.path);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/was written by a newer NotAfter\. Update this one; the file was left as it is/);
    expect(readFileSync(folder.file(name)).equals(before)).toBe(true);
  });
});

/** Root may do everything, so what may not is tried as nobody. */
const nobody = 65534;

describe('a folder that may not be written to', () => {
  it('is refused with a sentence, and left as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'notafter-locked-'));
    cpSync(sample, folder, { recursive: true });
    const app = mkdtempSync(join(tmpdir(), 'notafter-app-'));
    try {
      // A copy of its own, since nobody may not read the checkout everywhere.
      cpSync(join(import.meta.dirname, '../../../dist/app'), app, { recursive: true });
      cpSync(process.execPath, join(app, 'node'));
      execFileSync('chmod', ['-R', 'a+rX', app]);
      execFileSync('chmod', ['-R', 'a-w', folder]);
      execFileSync('chmod', ['-R', 'a+rX', folder]);
      const before = readFileSync(join(folder, 'config.json'));
      const { status, stderr } = spawnSync(
        join(app, 'node'),
        [join(app, 'notafter.js'), 'serve', '--port', '0', '--data', folder],
        { encoding: 'utf8', timeout: 20_000, cwd: tmpdir(), ...(isRoot ? { uid: nobody, gid: nobody } : {}) },
      );
      expect(stderr).toMatch(/The data folder .* cannot be written to/);
      expect(status).not.toBe(0);
      expect(readFileSync(join(folder, 'config.json')).equals(before)).toBe(true);
    } finally {
      chmodSync(folder, 0o700);
      execFileSync('chmod', ['-R', 'u+w', folder]);
      rmSync(folder, { recursive: true, force: true });
      rmSync(app, { recursive: true, force: true });
    }
  });
});

/** A small disk of its own; only root can make one. */
function smallDisk() {
  const path = mkdtempSync(join(tmpdir(), 'notafter-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=768k', 'tmpfs', path]);
  return {
    path,
    file: (name: string) => join(path, name),
    fill() {
      try {
        writeFileSync(join(path, 'filler'), Buffer.alloc(1024 * 1024));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(join(path, 'filler'), { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['--lazy', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

const canMount = (() => {
  if (!isRoot || process.platform !== 'linux') return false;
  try {
    smallDisk()[Symbol.dispose]();
    return true;
  } catch {
    return false; // A container without the right to mount.
  }
})();

describe.runIf(canMount)('a full disk', () => {
  it('refuses edits with a sentence, keeps what was on it, goes on checking, and recovers', async () => {
    using disk = smallDisk();
    cpSync(sample, disk.path, { recursive: true });
    await using service = await Service.start(disk.path);
    disk.fill();
    const before = readFileSync(disk.file('config.json'));
    const refused = await service.call('PATCH', `/jobs/${jobId}`, { notes: 'n'.repeat(9000) });
    expect(refused.status).toBe(507);
    expect((refused.body as { detail: string }).detail).toMatch(
      /could not be written \(ENOSPC\)\. Nothing was changed/,
    );
    expect(readFileSync(disk.file('config.json')).equals(before)).toBe(true);
    expect((await service.call('GET', `/jobs/${jobId}`)).body).toMatchObject({ notes: '' });
    let warning: string | null = null;
    for (let count = 0; count < 500 && warning === null; count += 1) {
      const checked = await service.call('POST', `/jobs/${jobId}/check`);
      expect(checked.status).toBe(200);
      ({ warning } = (await service.call('GET', '/status')).body as { warning: string | null });
    }
    expect(warning).toMatch(/Results cannot be kept .*: the disk is full\. Checks go on/);
    disk.free();
    expect((await service.call('POST', `/jobs/${jobId}/check`)).status).toBe(200);
    expect((await service.call('GET', '/status')).body).toMatchObject({ warning: null });
    expect((await service.call('PATCH', `/jobs/${jobId}`, { notes: 'short' })).status).toBe(200);
    expect(await service.end('SIGTERM')).toBe(0);
  });
  it('at start is told, or refused with a sentence, and nothing on it is lost', async () => {
    using disk = smallDisk();
    cpSync(sample, disk.path, { recursive: true });
    disk.fill();
    const before = readFileSync(disk.file('config.json'));
    const { status, stderr } = await Promise.race([
      runNotafter('serve', '--port', '0', '--data', disk.path),
      new Promise<{ status: number; stderr: string }>((resolve) => {
        const poll = setInterval(() => {
          const file = disk.file('logs/notafter.log');
          const lines = existsSync(file) ? readFileSync(file, 'utf8') : ''; // There once the service has begun.
          if (!/cannot be kept|No backup/.test(lines)) return;
          clearInterval(poll);
          resolve({ status: -1, stderr: lines });
        }, 50);
        poll.unref();
      }),
    ]);
    expect(stderr).toMatch(/the disk is full|Is the disk full\?|ENOSPC/);
    expect(status).not.toBe(0);
    expect(readFileSync(disk.file('config.json')).equals(before)).toBe(true);
  });
});
