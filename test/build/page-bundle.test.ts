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
});
