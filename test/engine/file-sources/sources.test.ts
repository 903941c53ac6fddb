import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../../../electron/engine/file-sources/source-view.ts';
import { type SourceInput, sourceInputSchema } from '../../../shared/schema/source.ts';
import { keystore } from '../../support/containers.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const root = makeCa('Sources Root', { now });
const issue = (name: string, notAfterDays = 90, notBeforeDays = -1) =>
  root.issue({ name, notAfterDays, notBeforeDays, now });
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** An engine and a folder of certificates beside it. */
function setUp() {
  const certs = temporaryFolder();
  const test = new TestEngine({ now });
  test.engine.start();
  const write = (name: string, content: string | Buffer) => writeFileSync(certs.file(name), content);
  const add = (more: Partial<SourceInput> = {}) =>
    test.engine.sources.add(sourceInputSchema.parse({ name: 'certs', paths: [certs.path], ...more }));
  const entries = (id: string) => test.engine.sources.entries(id) ?? [];
  const scan = (id: string) => test.engine.sources.scan(id);
  return {
    certs,
    test,
    write,
    add,
    entries,
    scan,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      certs[Symbol.dispose]();
    },
  };
}
const checked = (test: TestEngine, id?: string) =>
  test.next('check-finished', (event) => id === undefined || event.id === id);

describe('a source', () => {
  it('keeps a job for each certificate, under the id of its entry, and none for what holds none', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    on.write('stores.jks', keystore([{ alias: 'mail', chain: [issue('mail.test').der, root.der] }]));
    on.write('root.pem', root.pem);
    on.write('web.key', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----\n');
    on.write('notes.txt', 'hello\n');
    const view = await on.add({ tags: ['files'] });
    expect(view).toMatchObject({ files: 5, certificateFiles: 2, otherFiles: 3, unreadable: 0, entries: 2 });
    const jobs = [...on.test.engine.jobs.all()];
    expect(jobs.map(({ target, tags, origin }) => [target, tags, origin])).toEqual([
      [
        { file: on.certs.file('stores.jks'), entry: 'mail', passphraseFile: null },
        ['files'],
        { sourceId: view.id },
      ],
      [{ file: on.certs.file('web.pem'), passphraseFile: null }, ['files'], { sourceId: view.id }],
    ]);
    expect(on.entries(view.id).map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
    const result = await on.test.engine.checks.checkNow(jobs[0]?.id ?? '');
    expect(result).toMatchObject({
      status: 'ok',
      certificate: { subject: 'CN=mail.test' },
      entry: { alias: 'mail' },
      entries: null,
    });
  });

  it('follows an entry over its renewal: the same job, with both certificates in its history', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test', 20).pem);
    const { id } = await on.add();
    const [before] = on.entries(id);
    await on.test.engine.checks.checkNow(before?.id ?? '');
    on.test.clock.advance(minuteMs);
    on.write('web.pem', issue('other-name.test', 90, 0).pem);
    const done = checked(on.test, before?.id);
    await on.scan(id);
    await done;
    const [after] = on.entries(id);
    expect(on.entries(id)).toHaveLength(1);
    expect([after?.id, after?.subject]).toEqual([before?.id, 'CN=other-name.test']);
    const detail = on.test.engine.jobs.detail(before?.id ?? '');
    expect(detail?.certificates.map(({ subject }) => subject)).toEqual(['CN=other-name.test', 'CN=web.test']);
  });

  it('notices a change by itself within two minutes, and reads nothing where none was', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test', 20).pem);
    const { id } = await on.add();
    const changes = () => on.test.events.filter(({ type }) => type === 'source-changed').length;
    await on.test.engine.sources.idle();
    const [before, timers] = [changes(), on.test.clock.pending];
    on.test.clock.advance(10 * minuteMs);
    await on.test.engine.sources.idle();
    expect(changes()).toBe(before);
    expect(on.test.clock.pending).toBeLessThanOrEqual(timers);
    on.write('mail.pem', issue('mail.test').pem);
    const found = on.test.next('source-changed');
    on.test.clock.advance(2 * minuteMs);
    expect(await found).toMatchObject({ source: { id, entries: 2 } });
  });

  it('says of a certificate that was set back to an older one that it was, until a newer one is there', async () => {
    await using on = setUp();
    const [old, newer] = [issue('web.test', 10, -80), issue('web.test', 80)];
    on.write('web.pem', newer.pem);
    const { id } = await on.add();
    const [entry] = on.entries(id);
    const check = () => on.test.engine.checks.checkNow(entry?.id ?? '');
    expect((await check())?.problems).toEqual([]);
    on.write('web.pem', old.pem);
    await on.scan(id);
    for (let times = 0; times < 2; times += 1)
      expect((await check())?.problems).toMatchObject([
        { code: 'expiring' },
        { code: 'replaced-by-older', severity: 'warning' },
      ]);
    on.write('web.pem', issue('web.test', 90, 0).pem);
    await on.scan(id);
    expect((await check())?.problems).toEqual([]);
  });

  it('keeps the place of a certificate that is gone for a week, without an alert, and forgets it then', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    on.write('mail.pem', issue('mail.test').pem);
    const { id } = await on.add();
    const web = on.entries(id).find(({ subject }) => subject === 'CN=web.test');
    rmSync(on.certs.file('web.pem'));
    await on.scan(id);
    expect(
      on
        .entries(id)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['gone', 'watched']);
    expect(on.test.engine.jobs.get(web?.id ?? '')).toMatchObject({ paused: true });
    on.write('web.pem', issue('web.test').pem);
    await on.scan(id);
    expect(on.entries(id).find((one) => one.id === web?.id)).toMatchObject({ state: 'watched' });
    expect(on.test.engine.jobs.get(web?.id ?? '')).toMatchObject({ paused: false });
    rmSync(on.certs.file('web.pem'));
    await on.scan(id);
    on.test.clock.set(on.test.clock.now() + 8 * dayMs);
    await on.scan(id);
    expect(on.entries(id)).toHaveLength(1);
    expect(on.test.engine.jobs.get(web?.id ?? '')).toBeUndefined();
  });

  it('keeps the job of a file that was renamed, or moved within the source', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    const { id } = await on.add();
    const [before] = on.entries(id);
    mkdirSync(on.certs.file('sub'));
    renameSync(on.certs.file('web.pem'), on.certs.file('sub/new.pem'));
    await on.scan(id);
    expect(on.entries(id)).toMatchObject([
      { id: before?.id, file: on.certs.file('sub/new.pem'), state: 'watched' },
    ]);
    expect(on.test.engine.jobs.get(before?.id ?? '')?.target).toMatchObject({
      file: on.certs.file('sub/new.pem'),
    });
  });

  it('takes versions of a file in one folder for one place, as kubelet writes them', async () => {
    await using on = setUp();
    const name = (day: number) => `kubelet-client-2026-11-0${day}-10-11-12.pem`;
    on.write(name(1), issue('node.test', 30, -20).pem);
    symlinkSync(name(1), on.certs.file('kubelet-client-current.pem'));
    const { id } = await on.add();
    const [before] = on.entries(id);
    on.write(name(2), issue('node.test', 60, 0).pem);
    rmSync(on.certs.file('kubelet-client-current.pem'));
    symlinkSync(name(2), on.certs.file('kubelet-client-current.pem'));
    await on.scan(id);
    expect(on.entries(id).map((one) => [one.id, basename(one.file), one.supersedes])).toEqual([
      [before?.id, name(2), 1],
    ]);
  });

  it('follows the links of Kubernetes’ mounts, whose folders are swapped behind them', async () => {
    await using on = setUp();
    mkdirSync(on.certs.file('..one'));
    on.write('..one/tls.crt', issue('pod.test', 30, -20).pem);
    symlinkSync('..one', on.certs.file('..data'));
    symlinkSync('..data/tls.crt', on.certs.file('tls.crt'));
    const { id } = await on.add();
    const [before] = on.entries(id);
    expect(before?.file).toBe(on.certs.file('tls.crt'));
    mkdirSync(on.certs.file('..two'));
    on.write('..two/tls.crt', issue('pod.test', 60, 0).pem);
    symlinkSync('..two', on.certs.file('..tmp'));
    renameSync(on.certs.file('..tmp'), on.certs.file('..data'));
    rmSync(on.certs.file('..one'), { recursive: true });
    await on.scan(id);
    expect(on.entries(id)).toMatchObject([{ id: before?.id, file: before?.file, state: 'watched' }]);
    expect(on.entries(id)[0]?.fingerprint256).not.toBe(before?.fingerprint256);
  });

  it('is not misled by a file in the middle of being written', async () => {
    await using on = setUp();
    const [first, second] = [issue('web.test', 20), issue('web.test', 90, 0)];
    on.write('web.pem', first.pem);
    const { id } = await on.add();
    const [before] = on.entries(id);
    on.write('web.pem', second.pem.slice(0, 200));
    await on.scan(id);
    expect(on.entries(id)).toMatchObject([{ id: before?.id, state: 'watched' }]);
    on.write('web.pem', second.pem);
    await on.scan(id);
    expect(on.entries(id)).toMatchObject([{ id: before?.id, state: 'watched' }]);
    expect(on.entries(id)[0]?.fingerprint256).not.toBe(before?.fingerprint256);
  });

  it('keeps what it has while its folder is not there, and the jobs say so', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    const { id } = await on.add();
    const [entry] = on.entries(id);
    renameSync(on.certs.path, `${on.certs.path}-away`);
    const view = await on.scan(id);
    expect(view?.warnings).toEqual([`${on.certs.path} does not exist.`]);
    expect(on.entries(id)).toMatchObject([{ id: entry?.id, state: 'watched' }]);
    renameSync(`${on.certs.path}-away`, on.certs.path);
  });

  it('of bundles watches each leaf, and of what stands in several files says where else it is', async () => {
    await using on = setUp();
    const [web, mail] = [issue('web.test'), issue('mail.test')];
    on.write('bundle.pem', web.pem + mail.pem + root.pem);
    on.write('web.pem', web.pem);
    const { id } = await on.add();
    const shown = on.entries(id).map(({ file, subject, alsoAt }) => [basename(file), subject, alsoAt.length]);
    expect(shown).toEqual([
      ['bundle.pem', 'CN=web.test', 1],
      ['bundle.pem', 'CN=mail.test', 0],
      ['web.pem', 'CN=web.test', 1],
    ]);
    const names = [...on.test.engine.jobs.all()].map(({ target }) =>
      'entry' in target ? target.entry : null,
    );
    expect(names).toEqual(['web.test', 'mail.test', null]);
  });

  it('watches CAs where that is wanted', async () => {
    await using on = setUp();
    on.write('root.pem', root.pem);
    const { id, entries } = await on.add({ roles: ['leaf', 'anchor'] });
    expect(entries).toBe(1);
    expect(on.entries(id)).toMatchObject([{ role: 'anchor' }]);
  });

  it('ignores a certificate with its job, and watches it again', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    const { id } = await on.add();
    const [entry] = on.entries(id);
    expect(await on.test.engine.sources.ignore(id, [entry?.id ?? ''], true)).toBe(1);
    expect(on.test.engine.jobs.count).toBe(0);
    await on.scan(id);
    expect(on.entries(id)).toMatchObject([{ id: entry?.id, state: 'ignored' }]);
    expect(on.test.engine.jobs.count).toBe(0);
    await on.test.engine.sources.ignore(id, [entry?.id ?? ''], false);
    expect(on.test.engine.jobs.get(entry?.id ?? '')).toBeDefined();
  });

  it('has its jobs neither moved nor deleted by themselves, and takes them along', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    const { id } = await on.add();
    const jobId = on.entries(id)[0]?.id ?? '';
    await expect(on.test.engine.jobs.remove(jobId)).rejects.toThrow(
      'This job is kept by the source certs. Ignore the certificate there, or delete the source.',
    );
    await expect(on.test.engine.jobs.edit(jobId, { target: { file: '/b.pem' } })).rejects.toThrow(
      'This job is kept by the source certs.',
    );
    expect(await on.test.engine.jobs.edit(jobId, { notes: 'mine' })).toMatchObject({ notes: 'mine' });
    expect(await on.test.engine.sources.remove(id)).toBe(true);
    expect([on.test.engine.jobs.count, on.test.engine.sources.list()]).toEqual([0, []]);
  });

  it('is there after a restart with the same entries, and has found what changed meanwhile', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test', 20).pem);
    const { id } = await on.add();
    const [before] = on.entries(id);
    on.write('web.pem', issue('web.test', 90, 0).pem);
    await on.test.restart();
    await on.test.engine.sources.idle();
    const [after] = on.test.engine.sources.entries(id) ?? [];
    expect(after?.id).toBe(before?.id);
    expect(after?.fingerprint256).not.toBe(before?.fingerprint256);
  });

  it('gives its jobs the tags that it gets', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    const { id } = await on.add({ tags: ['old'] });
    await on.test.engine.sources.edit(id, { tags: ['new'] });
    expect([...on.test.engine.jobs.all()].map(({ tags }) => tags)).toEqual([['new']]);
  });

  it('leaves a file to the source that has it already', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    await on.add();
    const other = await on.add({ name: 'other', paths: [on.certs.file('*.pem')] });
    expect([other.entries, on.test.engine.jobs.count]).toEqual([0, 1]);
    await expect(on.add()).rejects.toThrow('Another source has this name.');
  });

  it('says what it would find, and keeps nothing of it', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    on.write('secret-name.key', 'nothing');
    const plan = await on.test.engine.sources.plan(
      sourceInputSchema.parse({ name: 'plan', paths: [on.certs.path] }),
    );
    expect(plan).toMatchObject({
      files: 2,
      total: 1,
      otherFiles: 1,
      entries: [{ subject: 'CN=web.test', role: 'leaf' }],
    });
    expect(JSON.stringify(plan)).not.toContain('secret-name');
    expect([on.test.engine.sources.list(), on.test.engine.jobs.count]).toEqual([[], 0]);
  });

  it('reads no pipe, no socket and no link to nothing, and what it may not read is one warning', async () => {
    await using on = setUp();
    on.write('web.pem', issue('web.test').pem);
    execFileSync('mkfifo', [on.certs.file('pipe')]);
    symlinkSync('nothing', on.certs.file('dangling.pem'));
    on.write('broken.jks', keystore([{ alias: 'a', chain: [root.der] }]).subarray(0, 60));
    const view = await on.add();
    expect(view).toMatchObject({ files: 2, entries: 1, unreadable: 1 });
    expect(view.warnings).toEqual([expect.stringMatching(/^1 file cannot be read: .*broken\.jks/)]);
    chmodSync(on.certs.file('web.pem'), 0o600);
  });
});

describe('a file of a source that cannot be read', () => {
  it('is told with the remedy for its reason: a passphrase, or a right', async () => {
    await using on = setUp();
    on.write('key.pem', issue('web.test').key);
    on.write('web.pem', issue('web.test').pem);
    const made = ['pkcs12', '-export', '-in', on.certs.file('web.pem'), '-inkey', on.certs.file('key.pem')];
    execFileSync('openssl', [...made, '-out', on.certs.file('web.p12'), '-passout', 'pass:right']);
    on.write('wrong', 'wrong\n');
    const passphrases = [{ glob: '**/*.p12', file: on.certs.file('wrong') }];
    const view = await on.add({ passphrases });
    expect(view.warnings).toEqual([
      expect.stringMatching(
        /^1 file cannot be read: .*web\.p12 is a PKCS#12 file, and the passphrase is wrong\. Set the file with their passphrase in the source \(--passphrase GLOB=FILE\)\.$/,
      ),
    ]);
    expect(
      warningsOf({
        found: null,
        isCut: false,
        messages: ['/a cannot be read (EACCES).', '/b cannot be read (EIO).'],
      }),
    ).toEqual([
      expect.stringMatching(
        /^1 file cannot be read by user \S+: \/a cannot be read \(EACCES\)\. Give that user the right/,
      ),
      '1 file cannot be read: /b cannot be read (EIO).',
    ]);
  });
});

describe('a path of a source', () => {
  it.each([
    ['certs', 'Enter an absolute path, such as /etc/ssl/private.'],
    ['~/certs', 'Enter the whole path: ~ is not expanded.'],
    ['%ProgramData%\\certs', 'Enter the whole path: variables are not expanded.'],
    ['$HOME/certs', 'Enter the whole path: variables are not expanded.'],
    ['/', 'Name a folder.'],
    ['C:\\', 'Name a folder.'],
    ['/**', 'Name a folder.'],
    ['/*/**', 'Name a folder.'],
    ['\\\\server\\share', expect.stringContaining('network and device paths are not opened')],
    ['//server/share', expect.stringContaining('network and device paths are not opened')],
    ['\\\\.\\COM1', expect.stringContaining('network and device paths are not opened')],
    ['/etc/a\u0000b', 'A path has no control characters.'],
  ])('%s is refused', (path, message) => {
    const parsed = sourceInputSchema.safeParse({ name: 'a', paths: [path] });
    expect(parsed.error?.issues.map((one) => [one.path, one.message])).toEqual([[['paths', 0], message]]);
  });

  it.each(['/etc/ssl/private', '/etc/*/tls.crt', '/srv/**/*.{pem,crt}', 'C:\\certs\\*.pfx'])(
    '%s is taken',
    (path) => expect(sourceInputSchema.safeParse({ name: 'a', paths: [path] }).success).toBe(true),
  );
});

describe('certbot’s folders as a source', () => {
  it('keep their entries while the links are swapped 200 times, with one renewal and nothing that cannot be read', async () => {
    await using on = setUp();
    // Renewed when it was about to expire, so that people knew of it.
    const [first, second] = [issue('web.test', 5, -85), issue('web.test', 85, -5)];
    mkdirSync(on.certs.file('archive'));
    mkdirSync(on.certs.file('live'));
    on.write('archive/fullchain1.pem', first.pem + root.pem);
    on.write('archive/fullchain2.pem', second.pem + root.pem);
    const link = (number: number) => {
      const to = on.certs.file('live/fullchain.pem');
      rmSync(to, { force: true }); // As certbot does: for a moment there is no link.
      symlinkSync(`../archive/fullchain${number}.pem`, to);
    };
    link(1);
    const { id } = await on.add();
    const ids = () => on.entries(id).map((one) => one.id);
    const [entry = ''] = ids();
    await on.test.engine.checks.checkNow(entry);
    on.test.clock.advance(10 * minuteMs);
    const before = ids();
    for (let swap = 0; swap < 200; swap += 1) {
      link(2);
      const looking = on.scan(id);
      link(2);
      if (swap % 10 === 0) await on.test.engine.checks.checkNow(entry);
      await looking;
      on.test.clock.advance(1_000);
    }
    on.test.clock.advance(10 * minuteMs);
    expect(ids()).toEqual(before);
    const { items } = on.test.engine.alerts.list({ jobId: entry, limit: 50, offset: 0 });
    expect(items.filter(({ kind }) => kind === 'renewed')).toHaveLength(1);
    expect(items.filter(({ kind }) => kind === 'unreachable')).toEqual([]);
    const results = on.test.engine.results.list(entry, 100, 0)?.items ?? [];
    expect(results.filter(({ status }) => status === 'unreachable')).toEqual([]);
    link(1);
    await on.scan(id);
    const undone = await on.test.engine.checks.checkNow(entry);
    expect(undone?.problems.map(({ code }) => code)).toContain('replaced-by-older');
    expect(ids()).toEqual(before);
  });
});
