import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { runCli } from './cli/run.ts';

/** The command line's composition root. Built, it lies in dist/app, beside dist/page and dist/docs. */
const dist = join(import.meta.dirname, '..');
process.exitCode = await runCli(process.argv.slice(2), {
  pageFolder: join(dist, 'page'),
  docsFolder: join(dist, 'docs'),
  exampleFile: join(dist, 'example', 'example.pem'),
  version: packageJson.version,
});
