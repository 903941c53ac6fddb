import { describe, expect, it } from 'vitest';
import {
  type ColumnKey,
  moveColumn,
  neighborOf,
  readListLook,
  toggleColumn,
} from '../../renderer/hosts/list/table-layout.ts';

const look = {
  columns: ['tags', 'expiry'],
  widths: { host: 300, tags: 120 },
  sort: { column: 'host', isDescending: true },
};

it('reads how the list was left', () => {
  expect(readListLook(structuredClone(look))).toEqual(look);
});

it('reads what was stored before widths could be chosen', () => {
  const { widths: _, ...before } = look;
  expect(readListLook(before)).toEqual({ ...look, widths: {} });
});

it('leaves out widths that are none, and keeps the others within bounds', () => {
  const widths = { host: 1e9, tags: -5, expiry: 'wide', issuer: Number.NaN, colour: 100 };
  expect(readListLook({ ...look, widths })?.widths).toEqual({ host: 800, tags: 64 });
  expect(readListLook({ ...look, widths: 'text' })?.widths).toEqual({});
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

describe('columns', () => {
  const shown: ColumnKey[] = ['checked', 'expiry', 'issuer'];

  it('come back before those that usually follow them', () => {
    expect(toggleColumn(['expiry', 'issuer'], 'wrong')).toEqual(['expiry', 'wrong', 'issuer']);
    expect(toggleColumn(['expiry'], 'due')).toEqual(['expiry', 'due']);
    expect(toggleColumn(shown, 'expiry')).toEqual(['checked', 'issuer']);
  });

  it('move before another one, or to the end', () => {
    expect(moveColumn(shown, 'issuer', 'checked')).toEqual(['issuer', 'checked', 'expiry']);
    expect(moveColumn(shown, 'checked', null)).toEqual(['expiry', 'issuer', 'checked']);
    expect(moveColumn(shown, 'checked', 'checked')).toEqual(shown);
    expect(moveColumn(shown, 'tags', 'checked')).toEqual(shown);
    expect(moveColumn(shown, 'checked', 'tags')).toEqual(shown);
  });

  it('move by one place among those that are shown, and no further than the ends', () => {
    expect(neighborOf(shown, 'expiry', true)).toBe('checked');
    expect(neighborOf(shown, 'expiry', false)).toBeNull();
    expect(neighborOf(shown, 'checked', false)).toBe('issuer');
    expect(neighborOf(shown, 'checked', true)).toBeUndefined();
    expect(neighborOf(shown, 'issuer', false)).toBeUndefined();
    // One between them for which there is no room keeps its place.
    expect(moveColumn(['checked', 'tags', 'expiry'], 'expiry', 'checked')).toEqual([
      'expiry',
      'checked',
      'tags',
    ]);
  });
});
