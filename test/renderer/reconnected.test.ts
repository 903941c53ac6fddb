import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../renderer');
/** A call that only reads. */
const read =
  /\b(?:api|desktop)\.(?:\w+\.)*(?:get|list|status|explain|finds|deliveries|trend|certificate|update)\(/;

it('every part of the page that reads when it is shown reads again after a lost connection', () => {
  const readers = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file: file.split(sep).join('/'), text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => text.includes('useEffect(') && read.test(text));
  expect(readers.length).toBeGreaterThan(8);
  const forgetful = readers
    .filter(({ text }) => !/\buseReconnect(?:ed|ions)\(/.test(text))
    .map(({ file }) => file);
  expect(forgetful).toEqual([]);
});
