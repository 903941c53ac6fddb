import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const app = join(import.meta.dirname, '../../dist/app');

/** Returns the built scripts that load before the first line of one runs, itself among them, by their paths. */
function loadedWith(script: string): Map<string, string> {
  const loaded = new Map<string, string>();
  const waiting = [join(app, script)];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    loaded.set(path, text);
    for (const [, name = ''] of text.matchAll(
      /^(?:import|export)\b(?:[^'"();]*? from)? ?["'](\.[^"']+)["']/gm,
    ))
      waiting.push(resolve(dirname(path), name));
  }
  return loaded;
}

describe('what loads before the icon is in the tray', () => {
  const loaded = loadedWith('main.js');

  it('is a third of the app', () => {
    expect(loaded.size).toBeGreaterThan(20);
    expect([...loaded.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(1_700_000);
  });

  it.each([
    ['keystores (node-forge)', 'pki.oids'],
    ['certificates (asn1js)', 'LocalBaseBlock'],
    ['keys that BoringSSL does not know (@noble/curves)', 'brainpoolP256r1'],
    ['YAML', 'YAMLMap'],
    ['SOCKS', 'SocksClient'],
    ['schedules in words (cronstrue)', 'use24HourTimeFormat'],
    ['configurations that name hosts', 'ServerAlias'],
  ])('is no reader of %s', (_what, mark) => {
    const all = readdirSync(join(app, 'chunks')).map((name) =>
      readFileSync(join(app, 'chunks', name), 'utf8'),
    );
    expect(all.some((text) => text.includes(mark))).toBe(true);
    expect([...loaded].filter(([, text]) => text.includes(mark)).map(([path]) => path)).toEqual([]);
  });
});
