import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { threads } from '../../build/threads.ts';

const dist = join(import.meta.dirname, '../../dist');
const imports = /^(?:import|export)\b(?:[^'"();]*? from)? ?["'](\.[^"']+)["']/gm;
const importsLater = /\bimport\(["'](\.[^"']+)["']\)/g;

/** Returns the built scripts that a program imports, itself among them, by their paths. */
function importedBy(script: string, ...patterns: RegExp[]): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = [join(dist, script)];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    found.set(path, text);
    for (const pattern of patterns)
      for (const [, name = ''] of text.matchAll(pattern)) waiting.push(resolve(dirname(path), name));
  }
  return found;
}

const pathsWith = (scripts: Map<string, string>, mark: string | RegExp) =>
  [...scripts].filter(([, text]) => text.search(mark) >= 0).map(([path]) => path);

describe('what loads before the icon is in the tray', () => {
  const loaded = importedBy('desktop/main.js', imports);

  it('is few files, and a quarter of the app', () => {
    expect(loaded.size).toBeLessThanOrEqual(4);
    expect([...loaded.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(1_500_000);
  });

  it('has what sets handlers of signals, since Electron sets its own after it, and not beneath', () => {
    const mark = 'SIGSTKFLT'; // when-exit, of conf: its handler ends the process before anything is written.
    const later = readdirSync(join(dist, 'desktop/chunks')).map((name) => join(dist, 'desktop/chunks', name));
    expect(pathsWith(loaded, mark)).toHaveLength(1);
    const others = later
      .filter((path) => !loaded.has(path))
      .map((path) => [path, readFileSync(path, 'utf8')] as const);
    expect(pathsWith(new Map(others), mark)).toEqual([]);
  });

  it('asks for no HTTP, of which Node makes a client at once', () => {
    expect(pathsWith(loaded, /^import\b[^'"]*["']node:https?["']/m)).toEqual([]);
  });

  it.each([
    ['keystores (node-forge)', 'pki.oids'],
    ['certificates (asn1js)', 'LocalBaseBlock'],
    ['keys that BoringSSL does not know (@noble/curves)', 'brainpoolP256r1'],
    ['YAML', 'YAMLMap'],
    ['SOCKS', 'SocksClient'],
    ['schedules in words (cronstrue)', 'use24HourTimeFormat'],
    ['configurations that name hosts', 'ServerAlias'],
    ['what the page asks (oRPC)', 'ORPCError'],
  ])('is no reader of %s', (_what, mark) => {
    const all = readdirSync(join(dist, 'desktop/chunks')).map((name) =>
      readFileSync(join(dist, 'desktop/chunks', name), 'utf8'),
    );
    expect(all.some((text) => text.includes(mark))).toBe(true);
    expect(pathsWith(loaded, mark)).toEqual([]);
  });
});

describe('what runs without Electron', () => {
  const names = Object.keys(threads).map((name) => `${name}.js`);
  it.each([
    'app/notafter.js',
    ...['app', 'desktop'].flatMap((folder) => names.map((name) => `${folder}/${name}`)),
  ])('%s imports no chunk that needs it, now or later', (script) => {
    const electron = /^import\b.* from ["']electron["'];$/m;
    expect(pathsWith(importedBy('desktop/main.js', imports), electron)).not.toEqual([]);
    expect(pathsWith(importedBy(script, imports, importsLater), electron)).toEqual([]);
  });
});
