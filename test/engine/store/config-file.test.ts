import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Backups } from '../../../electron/engine/store/backups.ts';
import { readConfig, schemaVersion } from '../../../electron/engine/store/config-file.ts';
import { DataFolderError } from '../../../electron/engine/store/data-folder-error.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf, TestEngine } from '../../support/test-engine.ts';

const read = (folder: { path: string; file(name: string): string }) =>
  readConfig(
    () => openConf(folder.path),
    folder.file('config.json'),
    new Backups(folder.file('backups')),
    Date.parse('2026-11-24T10:00:00Z'),
  );

describe('readConfig', () => {
  it('starts empty where there is no file', () => {
    using folder = temporaryFolder();
    expect(read(folder)).toMatchObject({
      warning: null,
      config: { jobs: [], settings: { retentionDays: 400 } },
    });
  });

  it.each([
    ['truncated', '{"schemaVersion":1,"jobs":[{"id":"a"'],
    ['empty', ''],
    ['binary', '\u0000\u0001\u0002'],
    ['of wrong types', '{"schemaVersion":1,"jobs":"none","settings":{}}'],
    ['with a broken job', '{"schemaVersion":1,"jobs":[{"id":"a"}],"settings":{}}'],
  ])('keeps a file that is %s, and says where', (_kind, content) => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), content);
    const { warning, config } = read(folder);
    const kept = readdirSync(folder.path).find((name) => name.includes('.broken-')) ?? '';
    expect(readFileSync(folder.file(kept), 'utf8')).toBe(content);
    expect(warning).toContain(kept);
    expect(config.jobs).toEqual([]);
  });

  it('refuses a file of a newer version and leaves it as it is', () => {
    using folder = temporaryFolder();
    const content = '{"schemaVersion":99,"jobs":[]}';
    writeFileSync(folder.file('config.json'), content);
    expect(() => read(folder)).toThrow(DataFolderError);
    expect(readFileSync(folder.file('config.json'), 'utf8')).toBe(content);
    expect(readdirSync(folder.path)).toEqual(['config.json']);
  });
});

describe('backups', () => {
  const start = Date.parse('2026-11-24T10:00:00Z');
  const good = (host: string) =>
    JSON.stringify({
      schemaVersion: 1,
      settings: {},
      jobs: [
        {
          id: host,
          ...jobInputSchema.parse({ target: { host } }),
          createdAt: '2026-01-01T00:00:00Z',
          updatedAt: '2026-01-01T00:00:00Z',
        },
      ],
    });
  const readAt = (folder: { path: string; file(name: string): string }, now: number) =>
    readConfig(
      () => openConf(folder.path),
      folder.file('config.json'),
      new Backups(folder.file('backups')),
      now,
    );

  it('are taken of what was read and found good, and the newest good one is restored', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), good('kept.example'));
    expect(readAt(folder, start).warning).toBeNull();
    writeFileSync(folder.file('backups/config-2026-11-25T00-00-00-000Z.json'), '{"broken":');
    writeFileSync(folder.file('config.json'), '{"schemaVersion":1,"jobs":[');
    const { config, warning } = readAt(folder, start + 1000);
    expect(config.jobs.map(({ id }) => id)).toEqual(['kept.example']);
    expect(warning).toMatch(/could not be read.*the backup of .* was restored/);
    expect(readFileSync(folder.file('config.json'), 'utf8')).toBe(good('kept.example'));
  });

  it('stand for a file that is missing, and the person is told', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), good('kept.example'));
    readAt(folder, start);
    rmSync(folder.file('config.json'));
    const { config, warning } = readAt(folder, start + 1000);
    expect(config.jobs.map(({ id }) => id)).toEqual(['kept.example']);
    expect(warning).toMatch(/config\.json, was missing\. The backup of .* was restored/);
    expect(readdirSync(folder.path).filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('of which none is whole are restored as far as they can be read, as after a return to an older version', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('backups'));
    const path = (hour: number) => folder.file(`backups/config-2026-11-24T0${hour}-00-00-000Z.json`);
    const partly = (host: string) =>
      JSON.stringify({
        ...JSON.parse(good(host)),
        settings: { fieldOfLater: 1, quietHours: { from: '07:00', to: '07:00', timezone: 'UTC' } },
      });
    writeFileSync(path(7), partly('older.example'));
    writeFileSync(path(8), partly('newer.example'));
    writeFileSync(folder.file('config.json'), '{"broken":');
    const first = readAt(folder, start);
    expect(first.config.jobs.map(({ id }) => id)).toEqual(['newer.example']);
    expect(first.warning).toMatch(/the backup of .* was restored\..*quietHours.*fieldOfLater/s);
    expect(first.isRepaired).toBe(true);
    // A whole one goes before it.
    writeFileSync(path(6), good('whole.example'));
    writeFileSync(folder.file('config.json'), '{"broken":');
    const second = readAt(folder, start);
    expect(second.config.jobs.map(({ id }) => id)).toEqual(['whole.example']);
    expect(second.isRepaired).toBe(false);
  });

  it('that cannot be read either are told, once', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('backups'));
    writeFileSync(folder.file('backups/config-2026-11-24T09-00-00-000Z.json'), '{"broken":');
    expect(readAt(folder, start).warning).toMatch(/None of its backups can be read/);
    expect(readAt(folder, start).warning).toBeNull();
  });
});

describe('a file with a part that cannot be read', () => {
  const start = Date.parse('2026-11-24T10:00:00Z');
  const jobOf = (host: string, more: object = {}) => ({
    id: `id-${host}`,
    ...jobInputSchema.parse({ target: { host } }),
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    ...more,
  });
  const wrongZone = { schedule: { type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlim' } };
  const fifty = Array.from({ length: 50 }, (_, index) => jobOf(`h${index}.example`));
  const write = (folder: { file(name: string): string }, jobs: unknown, settings: object = {}) =>
    writeFileSync(folder.file('config.json'), JSON.stringify({ schemaVersion, jobs, settings }));
  const readAt = (folder: { path: string; file(name: string): string }) =>
    readConfig(
      () => openConf(folder.path),
      folder.file('config.json'),
      new Backups(folder.file('backups')),
      start,
    );

  it.each([
    ['a wrong zone', jobOf('mail.example', wrongZone), /mail\.example \(schedule/],
    ['no target', { id: 'x', name: 'Mail' }, /Mail \(/],
    ['no object', null, /job 51 \(/],
    ['a number', 7, /job 51 \(/],
    ['the id of another', jobOf('h3.example'), /h3\.example \(another job has its id\)/],
  ])('reads the others where a job is or has %s, and names it', (_what, bad, named) => {
    using folder = temporaryFolder();
    write(folder, [...fifty, bad], { retentionDays: 33 });
    const whole = readFileSync(folder.file('config.json'), 'utf8');
    const { config, warning, isRepaired } = readAt(folder);
    expect(config.jobs).toHaveLength(50);
    expect(config.settings.retentionDays).toBe(33);
    expect(isRepaired).toBe(true);
    expect(warning).toMatch(/^1 job could not be read and was left out: /);
    expect(warning).toMatch(named);
    const aside = readdirSync(folder.path).find((name) => name.includes('.broken-')) ?? '';
    expect(readFileSync(folder.file(aside), 'utf8')).toBe(whole);
    expect(warning).toContain(aside);
  });

  it('takes the job from the newest backup that has it', () => {
    using folder = temporaryFolder();
    write(folder, [...fifty, jobOf('mail.example')]);
    readAt(folder);
    write(folder, [...fifty, jobOf('mail.example', wrongZone)]);
    const { config, warning } = readAt(folder);
    expect(config.jobs.map(({ id }) => id)).toContain('id-mail.example');
    expect(warning).toMatch(/^1 job could not be read and was restored from a backup: mail\.example/);
  });

  it('keeps every setting that can be read, of a list the entries that can', () => {
    using folder = temporaryFolder();
    write(folder, fifty, {
      retentionDays: 33,
      quietHours: { from: '25:00', to: '07:00' },
      channels: [
        { type: 'webhook', name: 'ops', url: 'http://127.0.0.1:9/', newer: 1 },
        { type: 'webhook', name: 'bad', url: 'nowhere' },
      ],
      madeUp: 1,
    });
    const { config, warning } = readAt(folder);
    expect(config.jobs).toHaveLength(50);
    expect(config.settings).toMatchObject({
      retentionDays: 33,
      quietHours: null,
      channels: [{ name: 'ops' }],
    });
    expect(warning).toMatch(
      /Settings that could not be read have their defaults: quietHours \([^)]*\)\. Of channels, what could not be read was left out: bad \(url: Address is an http:\/\/ or https:\/\/ address\)\. Fields that this version does not know were left out: (?:channels\.newer and madeUp|madeUp and channels\.newer)\./,
    );
  });

  it('keeps a job and settings with fields of a newer version, and names those', () => {
    using folder = temporaryFolder();
    const jobs = [jobOf('mail.example', { retries: 3 }), jobOf('www.example', { retries: 5 })];
    const newer = jobs.map((job) => ({ ...job, target: { ...job.target, alpn: 'h2' } }));
    write(folder, newer, { retentionDays: 33, openTimeoutSeconds: 7 });
    const { config, warning } = readAt(folder);
    expect(config.jobs.map(({ target }) => target)).toEqual(
      jobs.map(({ target }) => expect.objectContaining(target)),
    );
    expect(config.settings).toMatchObject({ retentionDays: 33 });
    expect(warning).toMatch(
      /^Fields that this version does not know were left out: [\w., ]*(?:retries|target\.alpn)[\w., ]*openTimeoutSeconds\. The file as it was is kept as /,
    );
  });

  it('is put right on disk, so that the next start has nothing to say', async () => {
    await using test = new TestEngine({
      prepare: (folder) =>
        writeFileSync(
          `${folder}/config.json`,
          JSON.stringify({ schemaVersion, jobs: [...fifty, jobOf('mail.example', wrongZone)], settings: {} }),
        ),
    });
    expect(test.engine.status.state.warning).toMatch(/mail\.example/);
    await test.restart();
    expect(test.engine.status.state.warning).toBeNull();
    expect(test.engine.jobs.count).toBe(50);
  });
});

describe('a file of any version with an entry that is no object', () => {
  const versions = Array.from({ length: schemaVersion }, (_, index) => index + 1);
  const entries = [null, 7, 'text', [], true];
  it.each(versions)('of version %i: the entry is left out and named, and the rest is read', (version) => {
    for (const entry of entries) {
      using folder = temporaryFolder();
      const path = folder.file('config.json');
      const list = version < schemaVersion ? 'webhooks' : 'channels';
      const settings = { retentionDays: 77, tagRules: [entry], [list]: [entry] };
      writeFileSync(path, JSON.stringify({ schemaVersion: version, settings, jobs: [], sources: [entry] }));
      const found = readConfig(
        () => openConf(folder.path),
        path,
        new Backups(folder.file('backups')),
        Date.now(),
      );
      expect(found.config.settings, JSON.stringify(entry)).toMatchObject({
        retentionDays: 77,
        tagRules: [],
        channels: [],
      });
      expect(found.warning).toMatch(/tagRules/);
      expect(found.warning).toMatch(/channels/);
    }
  });
});
