import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/build.ts';
import { findChromium } from './support/chromium.ts';

/** Everything that must hold: types, lint, dead code, unit and integration tests, and specs in a real browser. */

interface Tally {
  passed: number;
  failed: number;
}

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'notafter-test-'));

/** The script behind a package's command, so that no shell has to be found on any system. */
function binary(packageName: string, command: string): string {
  // Read as a file: not every package lets its manifest be imported.
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  return join(folder, bin[command] ?? '');
}

function run(script: string, ...args: string[]): boolean {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** A step that passes or fails as a whole. */
function step(name: string, work: () => boolean): Tally {
  process.stdout.write(`\n— ${name}\n`);
  const passed = work();
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}: ${name}\n`);
  return { passed: Number(passed), failed: Number(!passed) };
}

/** One of Vitest's projects, its tests counted one by one. */
function tests(project: string): Tally {
  process.stdout.write(`\n— ${project} tests\n`);
  const report = join(scratch, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const wentWell = run(binary('vitest', 'vitest'), ...args);
  try {
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    // A run can fail with no failed test: a file that does not load, an error that nobody caught.
    return { passed, failed: wentWell ? failed : Math.max(1, failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** Makes sure that there is a Chromium: this machine's, else Playwright's, else Debian's. */
function ensureChromium(): boolean {
  if (findChromium()) return true;
  process.stdout.write('No Chromium on the path; installing one.\n');
  if (run(binary('playwright-core', 'playwright-core'), 'install', 'chromium') && findChromium()) return true;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const apt = (...args: string[]) =>
      spawnSync('apt-get', args, {
        stdio: 'inherit',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update', '-qq');
    apt('install', '-y', '-qq', 'chromium');
    if (findChromium()) return true;
  }
  process.stdout.write(
    'The tests need a Chromium. Install one (Debian: apt-get install chromium) and run again.\n',
  );
  return false;
}

const tallies = [
  // `shared/` with neither Node nor DOM, the page without Node, the engine without DOM, and what uses both.
  step('types', () =>
    ['tsconfig.shared.json', 'tsconfig.page.json', 'tsconfig.node.json', 'tsconfig.json'].every((config) =>
      run(binary('typescript', 'tsc'), '-p', config),
    ),
  ),
  step('lint', () => run(binary('@biomejs/biome', 'biome'), 'check', '.')),
  step('no dead code, no unused dependencies', () => run(binary('knip', 'knip'))),
];
await build('error');
tallies.push(
  // Before the first test: unit tests start the packed app on the stand-in, whose windows are Chromium's.
  step('a Chromium for the tests', ensureChromium),
  tests('unit'),
  tests('e2e'),
  step('a minute of the soak', () => run(join(root, 'test/soak/run-soak.ts'), '1')),
);
rmSync(scratch, { recursive: true, force: true });

const sum = (field: keyof Tally) => tallies.reduce((total, tally) => total + tally[field], 0);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
