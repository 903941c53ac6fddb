import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const assets = join(import.meta.dirname, '../../dist/page/assets');

describe('the built page', () => {
  it('carries React for production, whoever had it built', () => {
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
    expect(scripts).not.toEqual([]);
    for (const name of scripts)
      expect(readFileSync(join(assets, name), 'utf8')).not.toContain('React DevTools');
  });

  it('waits for no schema before the first row, and for little else', () => {
    const html = readFileSync(join(assets, '../index.html'), 'utf8');
    const first = [...html.matchAll(/assets\/([^"]+\.js)"/g)].map(([, name = '']) =>
      readFileSync(join(assets, name), 'utf8'),
    );
    expect(first.length).toBeGreaterThan(1);
    expect(first.filter((script) => script.includes('_zod'))).toEqual([]);
    // Mantine, menus and messages come after them.
    expect(first.filter((script) => script.includes('data-mantine-styles'))).toEqual([]);
    expect(first.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(350_000);
  });
});
