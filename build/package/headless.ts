import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseSync } from 'vite';
import packageJson from '../../package.json' with { type: 'json' };
import { buildIfNeeded } from '../build.ts';
import { threads } from '../threads.ts';
import { partFolders, releaseFolder } from './config.ts';
import { writeShare } from './share.ts';

/**
 * `npm run package:headless`: the command line and the service as an npm package that runs on Node alone. Everything is bundled, so
 * the package depends on no other; it holds what `notafter` can load, and nothing of the desktop.
 */

const root = join(import.meta.dirname, '../..');
const entry = 'dist/app/notafter.js';
const workers = Object.keys(threads).map((name) => `dist/app/${name}.js`);

/** Writes the folder of the package. @param folder is made, or replaced */
export async function writeHeadlessPackage(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  await buildIfNeeded();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const parts = ['dist/page', 'dist/docs', 'dist/example', 'LICENSE', 'CHANGELOG.md'];
  for (const path of [...parts, ...modulesOf([entry, ...workers])])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  cpSync(join(root, 'dist/licences.md'), join(folder, 'licences.md'));
  cpSync(join(root, 'build/package/headless-readme.md'), join(folder, 'README.md'));
  await writeShare(join(folder, 'share'), environment);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(environment), null, 2)}\n`);
}

/** What npm reads: https://docs.npmjs.com/cli/configuring-npm/package-json */
function manifest({ GITHUB_REPOSITORY }: NodeJS.ProcessEnv): object {
  const { name, version, description, author, license } = packageJson;
  const address = `https://github.com/${GITHUB_REPOSITORY}`;
  return {
    name,
    version,
    description,
    keywords: ['tls', 'ssl', 'certificate', 'expiry', 'monitoring', 'nagios', 'prometheus', 'starttls'],
    author,
    license,
    type: 'module',
    bin: { [name]: entry },
    man: ['share/man/man1/notafter.1'],
    files: ['dist', 'share', 'licences.md', 'CHANGELOG.md'],
    engines: { node: '^22.16.0 || >=24.0.0' },
    // npm's provenance wants the repository that the workflow runs in.
    ...(GITHUB_REPOSITORY
      ? {
          homepage: address,
          repository: { type: 'git', url: `git+${address}.git` },
          bugs: `${address}/issues`,
        }
      : {}),
    publishConfig: { access: 'public', provenance: true },
  };
}

/** Returns the files that modules load, themselves included, by their paths from the root. */
export function modulesOf(entries: readonly string[]): string[] {
  const found = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const name of importsOf(path))
      if (name.startsWith('.'))
        queue.push(relative(root, join(root, dirname(path), name)).replaceAll('\\', '/'));
  }
  return [...found].sort();
}

function importsOf(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  const { staticImports, staticExports, dynamicImports } = parseSync(basename(path), source).module;
  const written = dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start, end));
  return [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    // What is computed names no file of ours.
    ...written.flatMap((text) => /^["'`]([^"'`$]+)["'`]$/.exec(text)?.[1] ?? []),
  ];
}

/** Packs the folder as npm does. @returns the path of the archive @throws what npm says */
export function packWithNpm(folder: string, destination: string): string {
  const windows = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(
    windows ? 'npm.cmd' : 'npm',
    ['pack', '--json', '--pack-destination', destination],
    { cwd: folder, encoding: 'utf8', shell: windows },
  );
  const name = `${packageJson.name}-${packageJson.version}.tgz`;
  if (status !== 0 || !existsSync(join(destination, name))) throw new Error(`npm pack: ${stderr}${stdout}`);
  return join(destination, name);
}

if (process.argv[1] === import.meta.filename) {
  const { headless } = partFolders(releaseFolder);
  await writeHeadlessPackage(headless, process.env);
  const archive = packWithNpm(headless, releaseFolder);
  const { length } = readFileSync(archive);
  process.stdout.write(`${archive}: ${(length / 1024 / 1024).toFixed(1)} MiB\n`);
}
