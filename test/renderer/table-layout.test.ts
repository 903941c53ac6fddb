import { expect, it } from 'vitest';
import { readListLook } from '../../renderer/hosts/list/table-layout.ts';

const look = { columns: ['expiry', 'tags'], sort: { column: 'host', isDescending: true } };

it('reads how the list was left', () => {
  expect(readListLook(structuredClone(look))).toEqual(look);
});

it.each([
  null,
  'text',
  [],
  { columns: 'expiry', sort: look.sort },
  { columns: ['expiry', 'colour'], sort: look.sort },
  { columns: ['expiry', 'expiry'], sort: look.sort },
  { columns: [], sort: { column: 'colour', isDescending: true } },
  { columns: [], sort: { column: 'host', isDescending: 'yes' } },
  { columns: [] },
])('believes nothing of %j', (kept) => expect(readListLook(kept)).toBeNull());
