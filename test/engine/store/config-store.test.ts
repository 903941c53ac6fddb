import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Backups } from '../../../electron/engine/store/backups.ts';
import { readConfig } from '../../../electron/engine/store/config-file.ts';
import { ConfigStore, StoreWriteError } from '../../../electron/engine/store/config-store.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { formatTarget } from '../../../shared/schema/target.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf } from '../../support/test-engine.ts';

const now = () => Date.parse('2026-11-24T10:00:00Z');
const input = (host: string) => jobInputSchema.parse({ target: { host } });

function openStore(folder: { path: string; file(name: string): string }) {
  const { file, config, warning } = readConfig(
    () => openConf(folder.path),
    folder.file('config.json'),
    new Backups(folder.file('backups')),
    now(),
  );
  return { store: new ConfigStore(file, config, now), file, warning };
}
const onDisk = (folder: { file(name: string): string }) =>
  JSON.parse(readFileSync(folder.file('config.json'), 'utf8')) as {
    schemaVersion: number;
    jobs: { target: { host: string } }[];
  };

describe('ConfigStore', () => {
  it('answers an edit once it is on disk, and reads it back', async () => {
    using folder = temporaryFolder();
    const { store } = openStore(folder);
    const { job } = await store.add(input('example.com'));
    expect(onDisk(folder)).toMatchObject({
      schemaVersion: 12,
      jobs: [{ id: job.id, target: { host: 'example.com', port: 443 } }],
    });
    await store.edit(job.id, { tags: ['a'], target: { port: 8443 } });
    await store.editSettings({ checksAtOnce: 3 });
    const again = openStore(folder).store;
    expect(again.get(job.id)).toMatchObject({ tags: ['a'], target: { host: 'example.com', port: 8443 } });
    expect(again.settings.checksAtOnce).toBe(3);
    await again.remove(job.id);
    expect(openStore(folder).store.size).toBe(0);
  });

  it('writes edits of one turn together', async () => {
    using folder = temporaryFolder();
    const { store, file } = openStore(folder);
    let writes = 0;
    const counting = new ConfigStore(
      {
        path: file.path,
        get store() {
          return file.store;
        },
        set store(value) {
          writes += 1;
          file.store = value;
        },
      },
      { jobs: [], settings: store.settings, sources: [], searches: [] },
      now,
    );
    await Promise.all(Array.from({ length: 100 }, (_, index) => counting.add(input(`host${index}.example`))));
    expect(writes).toBe(1);
    expect(onDisk(folder).jobs).toHaveLength(100);
  });

  it('takes an edit back where the disk does not take it', async () => {
    using folder = temporaryFolder();
    const { store, file } = openStore(folder);
    const { job: kept } = await store.add(input('kept.example'));
    const failing = new ConfigStore(
      {
        path: file.path,
        get store() {
          return file.store;
        },
        set store(_value) {
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        },
      },
      { jobs: [kept], settings: store.settings, sources: [], searches: [] },
      now,
    );
    await expect(failing.add(input('lost.example'))).rejects.toThrow(StoreWriteError);
    await expect(failing.remove(kept.id)).rejects.toThrow(/ENOSPC.*Nothing was changed/);
    expect([...failing.list()].map(({ target }) => formatTarget(target))).toEqual(['kept.example']);
    expect(onDisk(folder).jobs.map(({ target }) => target.host)).toEqual(['kept.example']);
  });

  it('lets STARTTLS follow a new port unless told otherwise', async () => {
    using folder = temporaryFolder();
    const { store } = openStore(folder);
    const { job } = await store.add(input('mail.example.com'));
    expect((await store.edit(job.id, { target: { port: 587 } }))?.target).toMatchObject({
      port: 587,
      starttls: 'smtp',
    });
    expect((await store.edit(job.id, { target: { port: 465 } }))?.target).toMatchObject({
      port: 465,
      starttls: null,
    });
    expect((await store.edit(job.id, { target: { port: 2525, starttls: 'smtp' } }))?.target).toMatchObject({
      starttls: 'smtp',
    });
  });
});

describe('what no start could read again', () => {
  it('is refused at the edit, by whatever part it is asked for, and changes nothing', async () => {
    using folder = temporaryFolder();
    const { store } = openStore(folder);
    const { job } = await store.add(input('example.com'));
    const tags = Array.from({ length: 51 }, (_, index) => `tag-${index}`);
    await expect(store.edit(job.id, { tags })).rejects.toMatchObject({
      field: 'tags',
      message: 'A job has at most 50 tags.',
    });
    await expect(store.edit(job.id, { target: { host: 'a b' } })).rejects.toMatchObject({
      field: 'target.host',
    });
    await expect(
      store.addAll([input('first.example'), { ...input('other.example'), tags }]),
    ).rejects.toMatchObject({
      field: 'tags',
    });
    await expect(store.editSettings({ caFiles: Array(101).fill('/a.pem') })).rejects.toMatchObject({
      field: 'caFiles',
    });
    expect(store.get(job.id)?.tags).toEqual([]);
    expect(store.size).toBe(1);
  });
});
