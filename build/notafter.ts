import { buildIfNeeded } from './build.ts';

// The command line from a checkout: built if need be, then run in this very process.
await buildIfNeeded();
await import(new URL('../dist/app/notafter.js', import.meta.url).href);
