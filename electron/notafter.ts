#!/usr/bin/env node
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { keepCompiled } from './compile-cache.ts';
import { dropSqliteWarning, refuseNode } from './node-version.ts';

/** The command line's composition root. It is built to dist/app, beside dist/page and dist/docs. */
const dist = join(import.meta.dirname, '..');
const refusal = refuseNode(process.versions.node);
if (refusal === null) {
  dropSqliteWarning();
  keepCompiled(process.platform, process.env);
  // Imported by then, so that it is kept.
  const { runCli } = await import('./cli/run.ts');
  process.exitCode = await runCli(process.argv.slice(2), {
    pageFolder: join(dist, 'page'),
    docsFolder: join(dist, 'docs'),
    exampleFile: join(dist, 'example', 'example.pem'),
    version: packageJson.version,
  });
} else {
  process.stderr.write(`notafter: ${refusal}\n`);
  process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h.
}
