import { describe, expect, it } from 'vitest';
import type { FoundEntry } from '../../../electron/engine/file-sources/identity.ts';
import type { SourceReader } from '../../../electron/engine/file-sources/readers.ts';
import { SourceScan } from '../../../electron/engine/file-sources/source-scan.ts';
import { InputFileError } from '../../../electron/engine/probe/files/input-file.ts';
import { UnreachableError } from '../../../electron/engine/probe/unreachable.ts';
import { type Source, sourceInputSchema } from '../../../shared/schema/source.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const entry = (file: string): FoundEntry => ({
  label: null,
  alias: null,
  role: 'leaf',
  hasKey: false,
  chain: [],
  fingerprint256: file,
  key: null,
  subject: `CN=${file}`,
  issuer: 'CN=root',
  names: file,
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  file,
  passphraseFile: null,
});

/** A reader of files that a test names: which a look finds, and which are there still when they are looked for again. */
class Files implements SourceReader {
  readonly everyMs = 1;
  found: string[] = [];
  there = new Set<string>();
  /** What reading a file fails by. */
  failure: Error | null = null;

  async find() {
    const files = new Map(this.found.map((file) => [file, 'stamp']));
    return { files, folders: new Map<string, string>(), unreadable: [], missing: [], isCut: false };
  }

  async isUnchanged() {
    return false;
  }

  async stampOf(file: string) {
    return this.there.has(file) ? 'stamp' : null;
  }

  async read(_source: unknown, file: string) {
    if (this.failure && file !== '/c/web.pem')
      throw new UnreachableError('file', 'It cannot be read.', { cause: this.failure });
    return [entry(file)];
  }
}

async function setUp() {
  const files = new Files();
  const scan = new SourceScan(files);
  const input = sourceInputSchema.parse({ name: 'a', paths: ['/c'] });
  const source: Source = { id: 'a', ...input, entries: [], createdAt: '', updatedAt: '' };
  const look = async (...found: string[]) => {
    files.found = found;
    const { entries } = await scan.scan(source, now, () => false, new AbortController().signal);
    source.entries = entries;
    return entries.map(({ file }) => file);
  };
  expect(await look('/c/web.pem')).toEqual(['/c/web.pem']);
  return { files, scan, look };
}

describe('a file that comes between two looks', () => {
  it('is watched at once where it stays', async () => {
    const { files, look } = await setUp();
    files.there.add('/c/new.pem');
    expect(await look('/c/new.pem', '/c/web.pem')).toEqual(['/c/web.pem', '/c/new.pem']);
  });

  it('is none where it is gone again: the name that ln -sf and mv use for a moment', async () => {
    const { look } = await setUp();
    expect(await look('/c/CuXa81', '/c/web.pem')).toEqual(['/c/web.pem']);
  });

  it('is no file that cannot be read where it goes before it is read', async () => {
    const { files, scan, look } = await setUp();
    files.there.add('/c/new.pem');
    const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
    files.failure = new InputFileError('file', '/c/new.pem', 'It cannot be read (ENOENT).', { cause: gone });
    expect(await look('/c/new.pem', '/c/web.pem')).toEqual(['/c/web.pem']);
    expect(scan.messages).toEqual([]);
    files.failure = Object.assign(new Error('no right'), { code: 'EACCES' });
    await look('/c/new.pem', '/c/web.pem');
    expect(scan.messages).toEqual(['It cannot be read.']);
  });
});
