import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { threads } from './build/threads.ts';

const root = import.meta.dirname;
const external = ['electron', ...builtinModules, /^node:/];

/** Three builds: the page, the preload script (CommonJS, as a sandboxed one must be), and what runs on Node. */
export default defineConfig({
  root: join(root, 'renderer'),
  base: './',
  plugins: [react()],
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment);
    },
  },
  environments: {
    client: {
      build: {
        outDir: join(root, 'dist/page'),
        emptyOutDir: true,
        target: 'chrome140',
        license: { fileName: 'licences.json' },
        chunkSizeWarningLimit: 1500,
        modulePreload: {
          polyfill: false, // The target has it.
          // What is loaded later finds its own scripts; their names, in the script before the first rows, would be 4 kB of it.
          resolveDependencies: (_file, names, { hostType }) =>
            hostType === 'html' ? names : names.filter((name) => name.endsWith('.css')),
        },
      },
    },
    app: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        outDir: join(root, 'dist/app'),
        emptyOutDir: true,
        // The oldest Node that may run a checkout (build/run.js): `using` is lowered for it.
        target: 'node22',
        copyPublicDir: false,
        license: { fileName: 'licences.json' },
        minify: false,
        rolldownOptions: {
          external,
          input: {
            main: join(root, 'electron/main.ts'),
            notafter: join(root, 'electron/notafter.ts'),
            ...Object.fromEntries(Object.entries(threads).map(([name, path]) => [name, join(root, path)])),
          },
          output: {
            format: 'esm',
            entryFileNames: '[name].js',
            chunkFileNames: 'chunks/[name]-[hash].js',
            // Lines stay, for the traces in the log; what is written for readers of sources is nothing to load.
            comments: { jsdoc: false, annotation: false },
          },
        },
      },
    },
    preload: {
      consumer: 'client',
      build: {
        outDir: join(root, 'dist/preload'),
        emptyOutDir: true,
        target: 'chrome140',
        copyPublicDir: false,
        rolldownOptions: {
          external: ['electron'],
          input: join(root, 'electron/preload.ts'),
          output: { format: 'cjs', entryFileNames: 'preload.cjs' },
        },
      },
    },
  },
});
