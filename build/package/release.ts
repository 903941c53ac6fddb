import { join } from 'node:path';
import { build as pack } from 'electron-builder';
import { build } from '../build.ts';
import { packageConfig } from './config.ts';

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
])
  if (process.env[name] === '') delete process.env[name];

await build('error');
const made = await pack({
  projectDir: join(import.meta.dirname, '../..'),
  config: packageConfig(process.env),
  publish: 'never',
});
process.stdout.write(`${made.join('\n')}\n`);
