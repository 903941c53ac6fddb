import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../electron/engine/store/config-file.ts';
import { DataFolderError } from '../../../electron/engine/store/data-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf } from '../../support/test-engine.ts';

const read = (folder: { path: string; file(name: string): string }) =>
  readConfig(() => openConf(folder.path), folder.file('config.json'), Date.parse('2026-11-24T10:00:00Z'));

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
