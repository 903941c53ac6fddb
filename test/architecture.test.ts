import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The packages that the engine uses, beside Node itself. */
const enginePackages = [
  '@noble/curves',
  '@peculiar/',
  'croner',
  'csv-parse',
  'csv-stringify',
  'dns-packet',
  'electron-log/node.js',
  'ical-generator',
  'node-forge',
  'nodemailer',
  'picomatch',
  'saxes',
  'smol-toml',
  'socks',
  'string-argv',
  'tldts-icann',
  'yaml',
  'zod',
];

/**
 * The rooms, each with what it may import: our folders by their beginning, packages by name, `node:` for Node's own modules.
 * The first room whose beginning fits a file holds for it.
 */
const rules: { part: string; may: string[] }[] = [
  { part: 'shared/domain/', may: ['shared/domain/', 'shared/text/words.ts'] },
  { part: 'shared/schema/', may: ['shared/schema/', 'shared/domain/', 'zod', 'croner', 'cronstrue'] },
  { part: 'shared/text/', may: ['shared/text/', 'shared/domain/'] },
  {
    part: 'shared/contract/',
    may: ['shared/contract/', 'shared/schema/', 'shared/domain/', 'zod', '@orpc/contract'],
  },
  { part: 'shared/', may: ['shared/'] },
  { part: 'electron/engine/', may: ['electron/engine/', 'shared/', 'node:', ...enginePackages] },
  {
    part: 'electron/api/',
    may: [
      'electron/api/',
      'electron/engine/',
      'shared/',
      'node:',
      '@orpc/',
      'prom-client',
      'rate-limiter-flexible',
      'sirv',
      'zod',
    ],
  },
  {
    part: 'electron/cli/',
    may: [
      'electron/cli/',
      'electron/api/',
      'electron/engine/',
      'shared/',
      'node:',
      '@orpc/',
      'conf',
      'commander',
      'csv-stringify',
      'junit-report-builder',
      'string-argv',
      'zod',
    ],
  },
  {
    part: 'electron/desktop/',
    may: [
      'electron/desktop/',
      'electron/engine/',
      'electron/api/router/',
      'electron/api/api-service.ts',
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
  { part: 'electron/', may: ['electron/', 'shared/', 'node:', 'electron', 'package.json'] },
  {
    part: 'renderer/',
    may: [
      'renderer/',
      'shared/',
      'react',
      'react-dom',
      '@mantine/',
      '@tanstack/',
      '@orpc/',
      'uplot',
      '@fontsource-variable/',
    ],
  },
];

/** Pure parts: they import no node module but node:crypto. */
const pure = [
  'electron/engine/verify/find-problems.ts',
  'electron/engine/monitor/cadence.ts',
  'electron/engine/alerts/policy.ts',
  'electron/engine/alerts/conditions.ts',
  'electron/engine/alerts/certificate-changes.ts',
  'electron/engine/alerts/grouping.ts',
  'electron/engine/jobs/job-query.ts',
  'electron/desktop/tray/menu.ts',
  'electron/desktop/tray/icon.ts',
  'electron/desktop/notifications/notice.ts',
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
    expect(importsOf('electron/main.ts').map(({ name }) => name)).toContain('electron/desktop/app.ts');
  });

  it.each(files)('%s', (file) => {
    const rule = rules.find(({ part }) => file.startsWith(part));
    // Types weigh nothing: a pure part may name a shape that a schema describes.
    const named = (name: string, isType: boolean) => !(isType && name.startsWith('shared/schema/'));
    const forbidden = importsOf(file)
      .filter(({ name, isType }) => named(name, isType))
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

describe('the TLS reader', () => {
  const folder = 'electron/engine/probe/tls-reader/';
  const outside = sources('electron').filter((file) => !file.startsWith(folder));

  it('is imported by its door alone', () => {
    const passed = outside.flatMap((file) =>
      importsOf(file)
        .filter(({ name }) => name.startsWith(folder) && name !== `${folder}index.ts`)
        .map(({ name }) => `${file} imports ${name}`),
    );
    expect(passed).toEqual([]);
    expect(outside.some((file) => importsOf(file).some(({ name }) => name === `${folder}index.ts`))).toBe(
      true,
    );
  });
});

describe('each file', () => {
  const files = [...sources('shared'), ...sources('electron'), ...sources('renderer'), ...sources('build')];
  const text = (file: string) => readFileSync(join(root, file), 'utf8');
  const lengthOf = (file: string) => text(file).split('\n').length - 1;

  it('has at most 300 lines, and nine of ten fewer than 200', () => {
    expect(files.filter((file) => lengthOf(file) > 300)).toEqual([]);
    expect(files.filter((file) => lengthOf(file) < 200).length / files.length).toBeGreaterThanOrEqual(0.9);
  });

  it('that composes the engine has fewer than 150 lines', () => {
    expect(lengthOf('electron/engine/engine.ts')).toBeLessThan(150);
  });

  it('says of each cast why it is safe, within the lines before', () => {
    const unexplained = files.flatMap((file) => {
      const source = text(file);
      const lines = source.split('\n');
      return castsIn(parseSync(file, source).program, source).flatMap(({ start, end }) => {
        const first = source.slice(0, start).split('\n').length;
        const last = source.slice(0, end).split('\n').length;
        const near = lines.slice(Math.max(0, first - 9), last + 1).join('\n');
        return near.includes('SAFETY:') ? [] : [`${file}:${first}`];
      });
    });
    expect(unexplained).toEqual([]);
  });

  it('exports names that no other file exports for another thing', () => {
    // Each module of a command exports its own; build/ writes one of the files that the engine reads.
    const shared = new Set(['command', 'adapter']);
    const rooms = files.filter((file) => !file.startsWith('build/'));
    const exported = rooms.flatMap((file) =>
      [...text(file).matchAll(/^export (?:async )?(?:function\*?|class|const|interface|type) (\w+)/gm)].map(
        ([, name = '']) => ({ name, file }),
      ),
    );
    const clashes = [...Map.groupBy(exported, ({ name }) => name)]
      .filter(([name, all]) => !shared.has(name) && new Set(all.map(({ file }) => file)).size > 1)
      .map(([name, all]) => `${name}: ${all.map(({ file }) => file).join(', ')}`);
    expect(clashes).toEqual([]);
  });
});

interface Place {
  start: number;
  end: number;
}

/** Returns the casts of a program: `as`, but for `as const` and `as unknown`, and `!`. */
function castsIn(node: unknown, source: string): Place[] {
  if (Array.isArray(node)) return node.flatMap((one) => castsIn(one, source));
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap((value) => castsIn(value, source));
  const { type, start, end, typeAnnotation } = node as Place & { type: string; typeAnnotation?: Place };
  if (type === 'TSNonNullExpression') return [{ start, end }, ...inner];
  if (type !== 'TSAsExpression' || !typeAnnotation) return inner;
  const target = source.slice(typeAnnotation.start, typeAnnotation.end);
  return target === 'const' || target === 'unknown' ? inner : [{ start, end }, ...inner];
}
