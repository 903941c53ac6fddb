import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildMatrix } from '../support/matrix.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import type { CaseOnWire } from './check.ts';
import { explanationOf } from './known-differences.ts';
import { oddCases } from './odd-cases.ts';

/**
 * Compares verdicts on BoringSSL, which Electron is built on, with those on Node's OpenSSL: `npm run test:boringssl`. Bun's crypto is
 * BoringSSL, and it runs our sources as they are. Prints every field that differs, and fails where a difference has no explanation.
 */

/** Bun's version, and the npm package of each system's program. */
const bun = '1.4.5';
const root = join(import.meta.dirname, '../..');
const cache = join(root, `node_modules/.cache/notafter-bun-${bun}`);
const checkScript = join(import.meta.dirname, 'check.ts');
const run = promisify(execFile);

/** Returns Bun's program, fetched once through npm. */
function fetchBun(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@oven/bun-${system}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const program = join(
    cache,
    'node_modules',
    packageName,
    'bin',
    process.platform === 'win32' ? 'bun.exe' : 'bun',
  );
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{"private":true}');
  process.stdout.write(`Fetching ${packageName} ${bun}, this once…\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(
    npm,
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--force', `${packageName}@${bun}`],
    {
      cwd: cache,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  return program;
}

/** Every field of two values that is not the same, by its path. */
function differences(
  path: string,
  one: unknown,
  other: unknown,
): [path: string, one: string, other: string][] {
  const areObjects = [one, other].every((value) => typeof value === 'object' && value !== null);
  if (!areObjects)
    return Object.is(one, other) ? [] : [[path, JSON.stringify(one) ?? '–', JSON.stringify(other) ?? '–']];
  // SAFETY: both are objects, by the line above.
  const [a, b] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(path === '' ? key : `${path}.${key}`, a[key], b[key]),
  );
}

async function checkOn(runtime: string, input: string, output: string): Promise<Record<string, unknown>> {
  await run(runtime, [checkScript, input, output], { cwd: root, timeout: 300_000, maxBuffer: 1 << 24 });
  return JSON.parse(readFileSync(output, 'utf8')) as Record<string, unknown>;
}

const program = fetchBun();
const folder = mkdtempSync(join(tmpdir(), 'notafter-boringssl-'));
const servers: TestServer[] = [];
try {
  const matrix = buildMatrix();
  const cases: CaseOnWire[] = [];
  for (const { name, chain, tls = {}, host = 'server.test', staple, ...more } of [
    ...matrix.cases,
    ...oddCases(),
  ]) {
    const [leaf, ...behind] = chain;
    if (!leaf) throw new Error(`${name} has no leaf.`);
    const server = await serveTls(leaf, behind, tls, staple);
    servers.push(server);
    const roots = (more.trust ?? [matrix.root]).map(({ pem }) => pem);
    const caFile = join(folder, `${servers.length}.pem`);
    writeFileSync(caFile, roots.join(''));
    const { distrustedAfter } = more;
    cases.push({
      name,
      host,
      port: server.port,
      caFile,
      publicRoots: more.isPublic ? roots : null,
      distrust:
        distrustedAfter === undefined
          ? []
          : roots.map((pem) => [new X509Certificate(pem).fingerprint256, distrustedAfter]),
    });
  }
  const input = join(folder, 'cases.json');
  writeFileSync(input, JSON.stringify(cases));
  const onNode = await checkOn(process.execPath, input, join(folder, 'node.json'));
  const onBoringSsl = await checkOn(program, input, join(folder, 'bun.json'));
  const rows = Object.keys(onNode).flatMap((name) =>
    differences('', onNode[name], onBoringSsl[name]).map(([path, openssl, boringssl]) => ({
      name,
      path,
      openssl,
      boringssl,
      explanation: explanationOf(name, path),
    })),
  );
  const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  for (const { name, path, openssl, boringssl, explanation } of rows)
    process.stdout.write(
      `${name} | ${path} | ${cut(openssl)} | ${cut(boringssl)} | ${explanation ?? 'NOT EXPLAINED'}\n`,
    );
  const unexplained = rows.filter(({ explanation }) => explanation === null).length;
  process.stdout.write(
    `\n${Object.keys(onNode).length} checks on each: ${rows.length} fields differ, ${unexplained} without an explanation\n`,
  );
  process.exitCode = unexplained > 0 ? 1 : 0;
} finally {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
}
