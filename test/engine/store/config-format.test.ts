import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigFormat } from '../../../electron/engine/store/config-format.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';

afterEach(() => vi.restoreAllMocks());

const textOf = (format: ConfigFormat, value: unknown) => Buffer.from(format.write(value)).toString('utf8');

describe('the text of the file of jobs', () => {
  it('is what JSON.stringify makes of it, also when it was made before', () => {
    const format = new ConfigFormat();
    const plain = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), plain, (jobs, settings) => {
        const config = { schemaVersion: 5, settings, jobs, none: undefined };
        for (let round = 0; round < 2; round += 1)
          expect(textOf(format, config)).toBe(JSON.stringify(config, undefined, '\t'));
      }),
    );
    for (const value of [{}, { jobs: [] }, { jobs: 'none' }])
      expect(textOf(format, value)).toBe(JSON.stringify(value, undefined, '\t'));
  });
});

describe('the start with a thousand jobs', () => {
  it('parses the file once, and leaves it as it is', async () => {
    await using test = new TestEngine();
    const inputs = Array.from({ length: 1_000 }, (_, index) =>
      jobInputSchema.parse({ target: { host: `h${index}.example` }, paused: true }),
    );
    await test.engine.jobs.addAll(inputs);
    const path = test.folder.file('config.json');
    const before = readFileSync(path);
    const parse = vi.spyOn(JSON, 'parse');
    const stringify = vi.spyOn(JSON, 'stringify');
    await test.restart();
    expect(parse.mock.calls.filter(([text]) => String(text).length > 10_000)).toHaveLength(1);
    expect(stringify.mock.calls.filter(([, , space]) => space === '\t')).toEqual([]);
    expect([...test.engine.jobs.all()]).toHaveLength(1_000);
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('an edit of one job among a thousand', () => {
  it('writes that job’s text anew and no other’s, and reads nothing', async () => {
    await using test = new TestEngine();
    await test.engine.jobs.addAll(
      Array.from({ length: 1_000 }, (_, index) =>
        jobInputSchema.parse({ target: { host: `h${index}.example` }, paused: true }),
      ),
    );
    const [first] = [...test.engine.jobs.all()];
    const stringify = vi.spyOn(JSON, 'stringify');
    const parse = vi.spyOn(JSON, 'parse');
    await test.engine.jobs.edit(first?.id ?? '', { notes: 'edited' });
    const isJob = (value: unknown) => typeof value === 'object' && value !== null && 'createdAt' in value;
    const written = stringify.mock.calls.filter(([value, , space]) => space === '\t' && isJob(value));
    expect(written).toHaveLength(1);
    expect(parse.mock.calls.filter(([text]) => String(text).length > 10_000)).toEqual([]);
    vi.restoreAllMocks();
    const stored = JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8')) as {
      jobs: { notes: string }[];
    };
    expect(stored.jobs).toHaveLength(1_000);
    expect(stored.jobs[0]).toMatchObject({ id: first?.id, notes: 'edited' });
    await test.restart();
    expect(test.engine.jobs.get(first?.id ?? '')?.notes).toBe('edited');
  });
});
