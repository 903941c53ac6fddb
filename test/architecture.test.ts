import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each part may import: folders of ours by their beginning, packages by name, `node:` for node's own. */
const rules: { part: string; may: string[] }[] = [
  { part: 'shared/', may: ['shared/', 'zod', 'croner', 'cronstrue', '@orpc/contract'] },
  {
    part: 'electron/engine/',
    may: [
      'electron/engine/',
      'shared/',
      'node:',
      '@orpc/server',
      '@peculiar/',
      'croner',
      'csv-parse',
      'csv-stringify',
      'electron-log/node.js',
      'ical-generator',
      'node-forge',
      'pkijs',
      'socks',
      'string-argv',
      'yaml',
      'zod',
    ],
  },
  {
    part: 'electron/shell/',
    may: [
      'electron/shell/',
      'electron/engine/',
      'shared/',
      'node:',
      'electron',
      'electron-store',
      'electron-updater',
      '@orpc/server',
      'mrmime',
      'yaml',
      'zod',
    ],
  },
  {
    part: 'electron/http/',
    may: [
      'electron/http/',
      'electron/engine/',
      'shared/',
      'node:',
      '@orpc/',
      'prom-client',
      'rate-limiter-flexible',
      'sirv',
    ],
  },
  {
    part: 'electron/headless/',
    may: [
      'electron/headless/',
      'electron/http/',
      'electron/engine/',
      'shared/',
      'node:',
      '@bomb.sh/tab',
      '@orpc/',
      'conf',
      'commander',
      'csv-stringify',
      'junit-report-builder',
      'string-argv',
      'zod',
    ],
  },
  { part: 'electron/', may: ['electron/', 'shared/', 'node:', 'electron', 'package.json'] },
  {
    part: 'renderer/',
    may: ['renderer/', 'shared/', 'react', 'react-dom', '@mantine/', '@tanstack/', '@orpc/', 'uplot'],
  },
];

/** Pure parts: they import no node module but node:crypto. */
const pure = [
  'electron/engine/check/assess.ts',
  'electron/engine/schedule/cadence.ts',
  'electron/engine/alerts/policy.ts',
  'electron/engine/alerts/conditions.ts',
  'electron/engine/alerts/leaves.ts',
  'electron/engine/alerts/alert-words.ts',
  'electron/engine/alerts/delivery.ts',
  'electron/engine/job-list.ts',
  'electron/shell/tray-menu.ts',
  'electron/shell/tray-picture.ts',
  'electron/shell/notice.ts',
];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** What a file imports, its own files by their path from the root. Types count too, but `import type` of packages does not run. */
function importsOf(path: string): { name: string; isType: boolean }[] {
  const text = readFileSync(join(root, path), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/g;
  const later = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(
    ([, name]) => ['', undefined, name] as const,
  );
  return [...text.matchAll(pattern), ...later].map(([, type, name = '']) => ({
    name: name.startsWith('.') ? relative(root, join(root, path, '..', name)).replaceAll('\\', '/') : name,
    isType: type !== undefined,
  }));
}

describe('imports go one way', () => {
  const files = [...sources('shared'), ...sources('electron'), ...sources('renderer')];

  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(importsOf('electron/main.ts').map(({ name }) => name)).toContain('electron/shell/desktop-app.ts');
  });

  it.each(files)('%s', (file) => {
    const rule = rules.find(({ part }) => file.startsWith(part));
    const forbidden = importsOf(file)
      .map(({ name }) => name)
      .filter(
        (name) =>
          !rule?.may.some(
            (allowed) =>
              name === allowed ||
              name.startsWith(allowed.endsWith('/') || allowed.endsWith(':') ? allowed : `${allowed}/`),
          ),
      );
    expect(forbidden).toEqual([]);
  });

  it.each(pure)('%s has no effects', (file) => {
    const effects = importsOf(file).filter(
      ({ name, isType }) => !isType && name.startsWith('node:') && name !== 'node:crypto',
    );
    expect(effects).toEqual([]);
    expect(importsOf(file).filter(({ name, isType }) => name === 'electron' && !isType)).toEqual([]);
  });
});
