import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { shakeHands } from '../../electron/engine/probe/full-handshake.ts';
import { createReadingContexts } from '../../electron/engine/probe/tls-contexts.ts';
import { readPresentation } from '../../electron/engine/probe/tls-reader/read-presentation.ts';
import { findProgram } from './real-server.ts';
import { type TableCase, tableCases } from './tls-table.ts';

/*
 * What each reader reads, held to the table in docs/checks.md: `npm run test:servers`. With UPDATE_TABLE=1 the table is written anew.
 */
const path = join(import.meta.dirname, '../../docs/checks.md');
const heading = '| what | which | light reader | full reader | server |';
const contexts = createReadingContexts();

/** `yes`: read, and its key proven. `seen`: read, and the key not proven. `no`: nothing was read. */
type Reading = 'yes' | 'seen' | 'no';

async function byLight(stream: Duplex): Promise<Reading> {
  let hasSeen = false;
  const note = () => {
    hasSeen = true;
  };
  try {
    const signal = AbortSignal.timeout(10_000);
    const { isKeyProven } = await readPresentation(stream, { servername: 'localhost' }, signal, note);
    return isKeyProven ? 'yes' : 'seen';
  } catch {
    return hasSeen ? 'seen' : 'no';
  }
}

async function byFull(open: () => Promise<Duplex> | Duplex): Promise<Reading> {
  for (const which of ['usual', 'wide'] as const) {
    try {
      await shakeHands(await open(), 'localhost', contexts[which], AbortSignal.timeout(10_000));
      return 'yes';
    } catch {
      // The wide context is asked next, as a check does.
    }
  }
  return 'no';
}

const rowOf = ({ kind, name, by }: TableCase, light: Reading, full: Reading) =>
  `| ${kind} | ${name} | ${light} | ${full} | ${by} |`;

const hasAll = findProgram('openssl') !== null;

describe.skipIf(!hasAll)('the table of what each reader reads', () => {
  const documented = readFileSync(path, 'utf8');
  const rows: string[] = [];

  it.each(tableCases)('has a row that is true of $kind $name', async (one) => {
    await using server = await one.serve();
    const row = rowOf(one, await byLight(await server.open()), await byFull(() => server.open()));
    rows.push(row);
    if (process.env['UPDATE_TABLE'] === undefined) expect(documented).toContain(`\n${row}\n`);
  });

  it('has no other rows', () => {
    if (process.env['UPDATE_TABLE'] !== undefined) return;
    const table = documented.slice(documented.indexOf(heading)).split('\n\n', 1)[0] ?? '';
    expect(table.split('\n').slice(2)).toHaveLength(tableCases.length);
  });

  afterAll(() => {
    if (process.env['UPDATE_TABLE'] === undefined || rows.length !== tableCases.length) return;
    const at = documented.indexOf(heading);
    const end = documented.indexOf('\n\n', at);
    const table = [heading, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
    writeFileSync(path, `${documented.slice(0, at)}${table}${documented.slice(end)}`);
  });
});
