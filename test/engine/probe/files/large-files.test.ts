import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { turnsOf } from '../../../support/turns.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const ca = makeCa('Files');
const leaves = (count: number) =>
  Array.from({ length: count }, (_, index) => ca.issue({ sans: [`n${index}.example`] }).pem).join('');

const check = (file: string) =>
  new Prober().checkEach({
    target: { file, passphraseFile: null },
    thresholds: defaultThresholds,
    caFiles: [],
    timeoutMs: 20_000,
  });

describe('a file of many certificates', () => {
  it.each([
    ['is judged in turns, which others have too', 200],
    ['and larger than a bundle of CAs is read by a thread, and judged alike', 500],
  ])('%s (%i)', async (_what, count) => {
    const file = folder.file(`${count}.pem`);
    writeFileSync(file, leaves(count));
    let checked: Awaited<ReturnType<typeof check>> = [];
    const turns = await turnsOf(async () => {
      checked = await check(file);
    });
    expect(checked.map(({ result }) => result.certificate?.sans[0])).toEqual(
      Array.from({ length: count }, (_, index) => `n${index}.example`),
    );
    expect(turns).toBeGreaterThan(count / 10);
  });
});
