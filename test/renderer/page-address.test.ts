import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PageAddress } from '../../renderer/lib/page-address.ts';

/** A window's history: its entries, and how often one was written. */
function openBar() {
  const entries = ['#/'];
  const written: string[] = [];
  const limit = { isReached: false };
  const bar = {
    hash: () => entries.at(-1) ?? '',
    push: (hash: string) => {
      entries.push(hash);
      written.push(hash);
    },
    replace: (hash: string) => {
      if (limit.isReached) return false;
      entries[entries.length - 1] = hash;
      written.push(hash);
      return true;
    },
  };
  const address = new PageAddress(bar);
  const seen: string[] = [];
  address.subscribe(() => seen.push(address.hash));
  return { entries, written, address, seen, limit };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows each typed letter at once, and writes the address once when typing pauses', () => {
  const { address, written, seen } = openBar();
  // Of what a held key types in ten seconds, Chromium ignores what is beyond 200.
  const typed = Array.from({ length: 300 }, (_, index) => `#/?q=${'x'.repeat(index + 1)}`);
  for (const hash of typed) {
    address.go(hash, 'typed');
    expect(address.hash).toBe(hash);
    vi.advanceTimersByTime(33);
  }
  expect(seen).toEqual(typed);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(written).toEqual(typed.slice(-1));
  expect(address.hash).toBe(typed.at(-1));
});

it('stays at the place whose address the browser does not take, and writes it later', () => {
  const { address, written, limit, entries } = openBar();
  limit.isReached = true;
  address.go('#/jobs/300', 'typed');
  vi.advanceTimersByTime(5_000);
  expect(address.hash).toBe('#/jobs/300');
  expect(written).toEqual([]);
  limit.isReached = false;
  vi.advanceTimersByTime(2_000);
  expect(written).toEqual(['#/jobs/300']);
  vi.advanceTimersByTime(60_000);
  expect(written).toHaveLength(1);
  limit.isReached = true;
  address.go('#/jobs/301', 'typed');
  address.write();
  address.go('#/settings', 'new');
  expect(address.hash).toBe('#/settings');
  limit.isReached = false;
  vi.advanceTimersByTime(60_000);
  expect(entries.at(-1)).toBe('#/settings');
});

it('writes what was typed before it goes elsewhere, so that Back leads to it', () => {
  const { address, entries } = openBar();
  address.go('#/?q=mail', 'typed');
  address.go('#/jobs/1?q=mail', 'new');
  expect(entries).toEqual(['#/?q=mail', '#/jobs/1?q=mail']);
  vi.advanceTimersByTime(10_000);
  expect(entries).toHaveLength(2);
  address.go('#/jobs/1?q=mai', 'typed');
  address.write();
  expect(entries.at(-1)).toBe('#/jobs/1?q=mai');
});

it('writes at once what is no typing, so that it survives a reload', () => {
  const { address, written, entries } = openBar();
  address.go('#/?q=mail', 'typed');
  address.go('#/?q=mail&sort=host', 'replaced');
  expect(written).toEqual(['#/?q=mail&sort=host']);
  expect(entries).toHaveLength(1);
});

it('follows Back and links, and forgets what was typed meanwhile', () => {
  const { address, entries, written, seen } = openBar();
  address.go('#/?q=mail', 'typed');
  entries.push('#/alerts');
  address.follow();
  expect(seen).toEqual(['#/?q=mail', '#/alerts']);
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual([]);
});

it('writes nothing where the person typed back to what the address shows', () => {
  const { address, written } = openBar();
  address.go('#/?q=m', 'typed');
  address.go('#/', 'typed');
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual([]);
});
