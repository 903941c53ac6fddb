import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Backups, stamp } from '../../../electron/engine/store/backups.ts';
import { readConfig } from '../../../electron/engine/store/config-file.ts';
import { DataFolderError } from '../../../electron/engine/store/data-folder.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf } from '../../support/test-engine.ts';

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

  it('are ten at the most, an hour apart', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), good('a.example'));
    for (let hour = 0; hour < 15; hour += 1) {
      const now = Date.now() + hour * 3_700_000;
      readAt(folder, now);
      readAt(folder, now + 1000);
      for (const name of readdirSync(folder.file('backups'))) {
        if (name.includes(stamp(now))) utimesSync(folder.file(`backups/${name}`), now / 1000, now / 1000);
      }
    }
    expect(readdirSync(folder.file('backups'))).toHaveLength(10);
  });
});
