import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMode, platform } from './modes.ts';

refuse();
Object.defineProperty(process, 'platform', { value: platform });

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
// A packed app is its own program: no folder stands among its arguments (https://www.electronjs.org/docs/latest/api/app, app.isPackaged).
if (process.env['STAND_IN_RESOURCES'] !== undefined) {
  const [program = '', , ...args] = process.argv;
  const own = args.findIndex((arg) => !arg.startsWith('-'));
  // A folder that is an argument of the app's stays, also where it is the same.
  process.argv = [program, ...args.filter((_arg, index) => index !== own)];
}
await import(pathToFileURL(join(folder, main)).href);
// Only now: what the stand-in is made of is loaded by the app, as `electron`.
(await import('./app.ts')).setSignalHandlers();

// Without a display Electron ends only after the main module has run.
if (isMode('no-display')) {
  process.stderr.write('Missing X server or $DISPLAY\nThe platform failed to initialize.  Exiting.\n');
  process.exit(1);
}

/** What Electron does before any JavaScript runs: Chromium's sandbox aborts the process. */
function refuse(): void {
  if (process.argv.includes('--no-sandbox')) return;
  if (isMode('root'))
    abort('Running as root without --no-sandbox is not supported. See https://crbug.com/638180.');
  if (isMode('sandbox-refused'))
    abort(
      'The SUID sandbox helper binary was found, but is not configured correctly. Rather than run without sandboxing I’m aborting now.',
    );
}

function abort(sentence: string): void {
  process.stderr.write(`FATAL:${sentence}\n`);
  process.kill(process.pid, 'SIGTRAP');
}
