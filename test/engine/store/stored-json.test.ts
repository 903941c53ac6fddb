import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { parseStored, StoredTexts } from '../../../electron/engine/store/stored-json.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a column that may be damaged', () => {
  const schema = z.object({ state: z.string() });
  it.each([
    ['{"state":"done"}', { state: 'done' }],
    ['{"state":1}', null],
    ['{"state', null],
    ['', null],
  ])('%s is read as %o', (text, value) => expect(parseStored(schema, text)).toEqual(value));

  it('of a job’s alerts is as good as none', () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'), 0);
    database.exec("INSERT INTO alert_memory (job, memory, shown) VALUES ('a', '{', 'AA')");
    const store = new AlertStore(database);
    expect([store.memory('a'), store.showing('AA', 'b', 10)]).toEqual([null, []]);
    database.close();
  });
});

function counted() {
  const validate = vi.fn((count: number) => count >= 0);
  const schema = z.object({ count: z.number().refine(validate), note: z.string().default('none') });
  return { validate, texts: new StoredTexts(schema) };
}

describe('a column that is read again and again', () => {
  it('validates a text that is read again once', () => {
    const { validate, texts } = counted();
    const text = '{"note":"a","count":1}';
    expect([texts.read('x', text), texts.read('x', text)]).toEqual([
      { count: 1, note: 'a' },
      { count: 1, note: 'a' },
    ]);
    expect(validate).toHaveBeenCalledTimes(1);
  });

  it('validates another text of the same thing, the same of another, and what was forgotten', () => {
    const { validate, texts } = counted();
    texts.read('x', '{"count":1,"note":"a"}');
    texts.read('x', '{"count":2,"note":"a"}');
    texts.read('y', '{"count":2,"note":"a"}');
    texts.forget('y');
    texts.read('y', '{"count":2,"note":"a"}');
    expect(validate).toHaveBeenCalledTimes(4);
  });

  it('fills in what a text lacks each time', () => {
    const { texts } = counted();
    const read = () => texts.read('x', '{"count":1}');
    expect([read(), read()]).toEqual([
      { count: 1, note: 'none' },
      { count: 1, note: 'none' },
    ]);
  });

  it.each(['{"count":1', '{"count":-1,"note":"a"}', '[]', ''])(
    'reads nothing in %j, however often',
    (text) => {
      const { texts } = counted();
      texts.read('x', '{"count":1,"note":"a"}');
      expect([texts.read('x', text), texts.read('x', text)]).toEqual([null, null]);
    },
  );

  it('leaves out what the schema does not know each time', () => {
    const { texts } = counted();
    const read = () => texts.read('x', '{"count":1,"note":"a","more":true}');
    expect([read(), read()]).toEqual([
      { count: 1, note: 'a' },
      { count: 1, note: 'a' },
    ]);
  });
});
