import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Backups, backupThrottleMs, stamp } from '../../../electron/engine/store/backups.ts';
import { readConfig } from '../../../electron/engine/store/config-file.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf, TestEngine } from '../../support/test-engine.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2026-11-24T10:00:00Z');

describe('backups', () => {
  it('reach back from the last minute to more than a month, and are ten at the most', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), '{}');
    const backups = new Backups(folder.file('backups'));
    // An edit every six hours for 69 days, and every ten minutes on the last one.
    const end = start + 70 * day;
    for (let now = start; now <= end; now += now < end - day ? 6 * hour : 10 * minute)
      backups.keep(folder.file('config.json'), now);
    const ages = backups.newestFirst().map((path) => end - backups.takenAt(path));
    expect(ages.length).toBeLessThanOrEqual(10);
    expect(ages.slice(0, 3)).toEqual([0, 10 * minute, 20 * minute]);
    expect(ages.at(-1)).toBeGreaterThan(30 * day);
    // None is more than ten times as old as the one before it.
    const ratios = ages.slice(3).map((age, index) => age / (ages[index + 2] ?? 1));
    expect(Math.max(...ratios)).toBeLessThan(10);
  });

  it('go by the time in their names, so that a copied folder keeps its ages', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), 'new');
    const backups = new Backups(folder.file('backups'));
    backups.take(folder.file('config.json'), start - day);
    expect(backups.waitMs(start)).toBe(0);
    backups.take(folder.file('config.json'), start);
    expect(backups.waitMs(start + 1)).toBe(backupThrottleMs - 1);
    expect(backups.waitMs(start - 1)).toBe(0); // The clock was set back.
    expect(readdirSync(folder.file('backups')).sort()).toEqual(
      [start - day, start].map((at) => `config-${stamp(at)}.json`),
    );
  });
});

/** Hosts in the newest backup of an engine's folder. */
function backedUp(test: TestEngine): string[] {
  const [newest = ''] = new Backups(test.folder.file('backups')).newestFirst();
  const { jobs } = JSON.parse(readFileSync(newest, 'utf8')) as { jobs: { target: { host: string } }[] };
  return jobs.map(({ target }) => target.host);
}

const input = (host: string) => jobInputSchema.parse({ target: { host, port: 1 }, paused: true });

describe('a first session', () => {
  it('is backed up on its first change, then at most once a minute, and whole at the end', async () => {
    await using test = new TestEngine({ now: start });
    test.engine.start();
    await test.engine.jobs.add(input('a.example'));
    expect(backedUp(test)).toEqual(['a.example']);
    await test.engine.jobs.add(input('b.example'));
    await test.engine.jobs.add(input('c.example'));
    expect(backedUp(test)).toEqual(['a.example']);
    test.clock.advance(backupThrottleMs);
    expect(backedUp(test)).toEqual(['a.example', 'b.example', 'c.example']);
    await test.engine.jobs.add(input('d.example'));
    await test.restart();
    expect(backedUp(test)).toEqual(['a.example', 'b.example', 'c.example', 'd.example']);
  });

  const breaks: [string, (file: string) => void][] = [
    ['NUL bytes in its place', (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length))],
    ['half of it', (file) => writeFileSync(file, readFileSync(file).subarray(0, 400))],
    ['nothing in it', (file) => writeFileSync(file, '')],
    ['an empty object', (file) => writeFileSync(file, '{}')],
  ];
  it.each(breaks)(
    'whose file has %s after a power cut loses nothing that is a minute old',
    async (_what, spoil) => {
      using folder = temporaryFolder();
      await using test = new TestEngine({ now: start });
      test.engine.start();
      for (let index = 0; index < 50; index += 1) await test.engine.jobs.add(input(`h${index}.example`));
      test.clock.advance(backupThrottleMs);
      // As they are on disk at that moment: nothing is stopped, and so nothing is written last.
      writeFileSync(folder.file('config.json'), readFileSync(test.folder.file('config.json')));
      spoil(folder.file('config.json'));
      const read = readConfig(
        () => openConf(folder.path),
        folder.file('config.json'),
        new Backups(test.folder.file('backups')),
        start,
      );
      expect(read.config.jobs).toHaveLength(50);
      expect(read.warning).toMatch(
        /backup of 24 November 2026 at 10:01 UTC was restored\. Changes after that time are lost\./,
      );
    },
  );
});
