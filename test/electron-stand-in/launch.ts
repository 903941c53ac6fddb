import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// The real main bundle on Node, with `electron` answered by the stand-in. Started as Electron is: `electron FOLDER`.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron-module.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

const folder = resolve(process.argv.slice(2).find((arg) => !arg.startsWith('-')) ?? '.');
const { main, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  main: string;
  version: string;
};
process.env['STAND_IN_APP_VERSION'] = version;
await import(pathToFileURL(join(folder, main)).href);
