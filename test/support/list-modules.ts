import { registerHooks } from 'node:module';

/** Loaded before a program (`--import`), it writes the files of the program that were loaded, on standard error at its end. */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) loaded.push(url.split('/').at(-1) ?? '');
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write(`\nloaded ${loaded.join(' ')}\n`));
