import { buildIfNeeded } from './build.ts';
import { callersFolder } from './callers-folder.ts';

// The command line from a checkout: built if need be, then run in this very process, in the folder of the caller.
await buildIfNeeded();
process.chdir(callersFolder(process.env));
await import(new URL('../dist/app/notafter.js', import.meta.url).href);
