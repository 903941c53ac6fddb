import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '../../../electron/engine/export/csv.ts';
import { exportJob } from '../../../electron/engine/export/job.ts';
import { importJobs } from '../../../electron/engine/import/import-jobs.ts';
import { readImport } from '../../../electron/engine/import/read-import.ts';
import { type Job, jobInputSchema, type NewJob } from '../../../shared/schema/job.ts';
import { starttlsProtocols, targetKey } from '../../../shared/schema/target.ts';
import { fromCell, tagsFromCell, tagsToCell, toCell } from '../../../shared/text/job-csv.ts';

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const tags = fc.array(
  text(20)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== ''),
  { maxLength: 5 },
);
const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);

const target = fc.oneof(
  fc.record({
    host: fc.oneof(fc.domain(), label, fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 1, max: 65_535 }),
    servername: fc.option(label),
    starttls: fc.option(fc.constantFrom(...starttlsProtocols)),
  }),
  fc.record({
    file: label.map((name) => `/etc/ssl/${name}.pem`),
    passphraseFile: fc.option(label.map((name) => `/run/${name}`)),
  }),
);
const schedule = fc.oneof(
  fc.constant({ type: 'adaptive' }),
  fc.record({ type: fc.constant('interval'), minutes: fc.integer({ min: 1, max: 100_000 }) }),
  fc.record({
    type: fc.constant('cron'),
    pattern: fc.constantFrom('0 6 * * *', '*/15 * * * *', '@daily'),
    timezone: fc.constantFrom('Europe/Berlin', 'UTC'),
  }),
);
const threshold = fc.option(
  fc.oneof(
    fc.record({ days: fc.integer({ min: 0, max: 3650 }) }),
    fc.record({ share: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100) }),
  ),
);
const job = fc
  .record({
    target,
    name: text(40),
    schedule,
    thresholds: fc.record({ warning: threshold, critical: threshold }),
    tags,
    notes: text(80),
    paused: fc.boolean(),
  })
  .map((input) => jobInputSchema.safeParse(input))
  .filter(({ success }) => success)
  .map(({ data }) => data as NewJob);
const jobs = fc.uniqueArray(job, { maxLength: 8, selector: (one) => targetKey(one.target) });

const stored = (input: NewJob, index: number): Job => ({
  id: String(index),
  origin: null,
  ...input,
  createdAt: '2026-11-25T00:00:00.000Z',
  updatedAt: '2026-11-25T00:00:00.000Z',
});

/** What an import of a text adds to an empty list. */
async function imported(body: unknown): Promise<NewJob[]> {
  const read = readImport(body);
  if ('message' in read) throw new Error(read.message);
  const added: NewJob[] = [];
  const report = await importJobs(read, [], {
    add: async (all) => all.map((one) => ({ id: String(added.push(one)) })),
    tag: () => Promise.reject(new Error('nothing was there to be tagged')),
  });
  expect(report).toMatchObject({ invalid: 0, duplicates: 0, merged: 0 });
  return added;
}

describe('what was exported comes back', () => {
  it('as JSON: whole', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async (inputs) => {
        const file = JSON.stringify({ jobs: inputs.map(stored).map(exportJob) });
        expect(await imported(file)).toEqual(inputs);
      }),
      { numRuns: 200 },
    );
  });

  it('as JSON with two jobs of one target, which are neither merged nor added again', async () => {
    const one = { target: { host: 'a.example' } };
    const inputs = [one, { ...one, name: 'second' }, { ...one, name: 'third' }].map((input) =>
      jobInputSchema.parse(input),
    );
    const file = JSON.stringify({ jobs: inputs.map(stored).map(exportJob) });
    expect(await imported(file)).toEqual(inputs);
    const read = readImport(file);
    if ('message' in read) throw new Error(read.message);
    // Onto itself it adds nothing, also where one was renamed; onto a part it adds the rest.
    const there = inputs.map(stored).map((copy) => ({ ...copy, name: `renamed ${copy.name}` }));
    expect(await importJobs(read, there, null)).toMatchObject({ added: 0, duplicates: 3 });
    expect(await importJobs(read, there.slice(1), null)).toMatchObject({ added: 1, duplicates: 2 });
    // A list of others means one target, however often it is named.
    const list = readImport('a.example\na.example\n');
    if ('message' in list) throw new Error(list.message);
    expect(await importJobs(list, [], null)).toMatchObject({ added: 1, duplicates: 1 });
  });

  it('as CSV: all that has a column, whatever signs it holds', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async (inputs) => {
        const csv = writeCsv(
          inputs.map((input, index) => ({ job: stored(input, index), status: 'pending', lastCheck: null })),
        );
        expect(await imported(csv)).toEqual(inputs);
      }),
      { numRuns: 500 },
    );
  });

  it('cells and tags, sign by sign', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '\t', 'a', '"', ',') }),
        (cell) => {
          expect(fromCell(toCell(cell))).toBe(cell);
          expect(toCell(cell)).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
    );
    fc.assert(
      fc.property(tags, (words) => {
        expect(tagsFromCell(tagsToCell(words))).toEqual(words);
      }),
    );
  });

  it('no password of a proxy, no id and no key of a client goes out', () => {
    const input = jobInputSchema.parse({
      target: { host: 'a.example' },
      connection: { proxy: 'http://user-7:secret@proxy.example:8080' },
    });
    const out = exportJob({ ...stored(input, 1), creation: { key: 'key-1', digest: 'd' } });
    expect(JSON.stringify(out)).not.toMatch(/secret|user-7|key-1|createdAt|"id"/);
  });
});

describe('an import', () => {
  const existing = (host: string, ...words: string[]) =>
    stored(jobInputSchema.parse({ target: { host }, tags: words }), 7);

  it('merges by target: what is there gets the tags that it lacks, once', async () => {
    const read = readImport(
      'host,tags\na.example,old\na.example,new\nb.example,x\nb.example,y\nb.example,x\n',
    );
    if ('message' in read) throw new Error(read.message);
    const added: NewJob[] = [];
    const tagged: [string, string[]][] = [];
    const effects = {
      add: async (all: readonly NewJob[]) => all.map((one) => ({ id: String(added.push(one)) })),
      tag: async (all: ReadonlyMap<string, string[]>) => void tagged.push(...all),
    };
    const report = await importJobs(read, [existing('a.example', 'old')], effects);
    expect(report.entries.map(({ outcome, id }) => `${outcome} ${id}`)).toEqual([
      'duplicate 7',
      'merged 7',
      'added 1',
      'merged 1',
      'duplicate 1',
    ]);
    expect(report.entries.map(({ message }) => message)).toEqual([
      'This host is already in the list.',
      'This host is already in the list. It gets the tags that it lacks.',
      null,
      'The same host as line 4. It gets the tags that it lacks.',
      'The same host as line 4.',
    ]);
    expect(tagged).toEqual([['7', ['old', 'new']]]);
    expect(added.map((one) => one.tags)).toEqual([['x', 'y']]);
  });

  it('that runs dry says the same and does nothing', async () => {
    const read = readImport('a.example\nb.example\nnot a host\n');
    if ('message' in read) throw new Error(read.message);
    const report = await importJobs(read, [existing('a.example')], null);
    expect(report).toMatchObject({ dryRun: true, added: 1, duplicates: 1, invalid: 1, merged: 0 });
    expect(report.entries.map(({ id }) => id)).toEqual(['7', null, null]);
  });
});
