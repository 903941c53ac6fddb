import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/page/assets');
const mantine = join(root, 'node_modules/@mantine/core');

/** A class of a component of Mantine, as its scripts and its stylesheets name it. */
const classes = /\bm_[0-9a-f]{6,8}\b/g;

function read(ending: string): string {
  return readdirSync(built)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(built, name), 'utf8'))
    .join('\n');
}

describe('the stylesheet of the page', () => {
  it('names no token that nothing defines', () => {
    const css = read('.css');
    const script = read('.js');
    const defined = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map(([, name = '']) => name));
    const used = [...css.matchAll(/var\((--[\w-]+)\s*([,)])/g)].filter(([, , end]) => end === ')');
    const missing = used.flatMap(([, name = '']) => (defined.has(name) || script.includes(name) ? [] : name));
    expect(used.length).toBeGreaterThan(100);
    expect([...new Set(missing)].filter((name) => !name.startsWith('--mantine-'))).toEqual([]);
  });

  it('has every class of a component that the scripts name, if the whole stylesheet of Mantine has it', () => {
    const known = new Set(readFileSync(join(mantine, 'styles.css'), 'utf8').match(classes));
    const named = [...new Set(read('.js').match(classes))].filter((name) => known.has(name));
    const styled = new Set(read('.css').match(classes));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !styled.has(name))).toEqual([]);
  });

  it.each([
    { file: 'mantine.css', least: 3 },
    { file: 'late.css', least: 30 },
  ])('has the stylesheets of components in the order of the whole one: $file', ({ file, least }) => {
    const whole = readFileSync(join(mantine, 'styles.css'), 'utf8');
    const parts = [
      ...readFileSync(join(root, 'renderer', file), 'utf8').matchAll(/@import "(@mantine\/core\/[^"]+)"/g),
    ].map(([, path = '']) => whole.indexOf(readFileSync(join(root, 'node_modules', path), 'utf8').trim()));
    expect(parts.length).toBeGreaterThanOrEqual(least);
    expect(parts).not.toContain(-1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  });

  /** What the document names, and so waits for. */
  function first(ending: string): string {
    const html = readFileSync(join(built, '../index.html'), 'utf8');
    const names = [...html.matchAll(/assets\/([^"]+)"/g)].map(([, name = '']) => name);
    return names
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(built, name), 'utf8'))
      .join('\n');
  }

  it('has no component of Mantine before the first rows, nor its styles, and little else', () => {
    expect(first('.js').match(classes) ?? []).toEqual([]);
    expect(first('.css').match(classes) ?? []).toEqual([]);
    expect(first('.css').length).toBeGreaterThan(0);
    expect(first('.css').length).toBeLessThan(48_000);
  });
});
