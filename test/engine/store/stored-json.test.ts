import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { parseStored } from '../../../electron/engine/store/stored-json.ts';
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
