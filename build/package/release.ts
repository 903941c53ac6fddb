import { join } from 'node:path';
import { build as pack } from 'electron-builder';
import { build } from '../build.ts';
import { fetchRuntime, findRuntime } from '../runtime.ts';
import { runtimeParts } from '../runtime-parts.ts';
import { packageConfig, partFolders, releaseFolder } from './config.ts';
import { packWithNpm, writeHeadlessPackage } from './headless.ts';
import { writeLinuxParts } from './linux-parts.ts';
import { keepFeeds, linuxRuns, mergeFeeds } from './linux-runs.ts';
import { fetchNode, writeServerDeb } from './server-deb.ts';

/**
 * `npm run package`: every package of this system, into release/. Signed where the environment names a certificate (CSC_LINK,
 * WIN_CSC_LINK, APPLE_API_KEY, by electron-builder's documentation), else as it is. Nothing is published.
 */

// A workflow without a secret sets its variable to nothing, which is not the same as not to set it.
for (const name of [
  'CSC_LINK',
  'CSC_KEY_PASSWORD',
  'WIN_CSC_LINK',
  'WIN_CSC_KEY_PASSWORD',
  'APPLE_API_KEY',
  'APPLE_API_KEY_ID',
  'APPLE_API_ISSUER',
  'AZURE_ENDPOINT',
  'AZURE_ACCOUNT',
  'AZURE_PROFILE',
  'AZURE_PUBLISHER',
])
  if (process.env[name] === '') delete process.env[name];

const root = join(import.meta.dirname, '../..');
// The runtime itself says which Chromium and which Node are in it: the bill of materials names both.
const reason = findRuntime() === null ? await fetchRuntime() : null;
if (reason !== null) throw new Error(`Electron’s runtime is needed to say what is in it: ${reason}.`);
if (runtimeParts().node === null)
  throw new Error('Electron’s runtime does not say which Node is in it, or is of another release.');
await build('error');
const parts = partFolders(releaseFolder);
await writeHeadlessPackage(parts.headless, process.env);
await writeLinuxParts(parts.linux, process.env);
const configs =
  process.platform === 'linux' ? linuxRuns(() => packageConfig(process.env)) : [packageConfig(process.env)];
const made: string[] = [];
for (const [run, config] of configs.entries()) {
  if (run > 0) keepFeeds(releaseFolder);
  made.push(...(await pack({ projectDir: root, config, publish: 'never' })));
}
mergeFeeds(releaseFolder);
// One system is enough: the package is the same on each.
if (process.platform === 'linux') {
  made.push(packWithNpm(parts.headless, releaseFolder));
  for (const arch of ['x64', 'arm64'] as const) {
    const node = fetchNode(arch, join(releaseFolder, '.node'));
    const { headless } = parts;
    made.push(writeServerDeb({ headless, node, arch, output: releaseFolder, environment: process.env }));
  }
}
process.stdout.write(`${made.join('\n')}\n`);
