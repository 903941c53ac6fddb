import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Rolldown } from 'vite';
import { startChunks } from './build/start-chunks.ts';
import { threads } from './build/threads.ts';

const root = import.meta.dirname;
const desktop = 'electron/main.ts';
const threadPaths = Object.values(threads).map((path) => join(root, path));
const external = ['electron', ...builtinModules, /^node:/];

/**
 * Builds what runs on Node into a folder of dist, with the worker threads beside it.
 * @param name of the folder
 * @param entry the program's source, by the name of its file
 * @param group names the chunk of a module; null: the bundler's choice
 */
function nodeBuild(
  name: string,
  entry: Readonly<Record<string, string>>,
  group?: Rolldown.CodeSplittingNameFunction,
): EnvironmentOptions {
  const entries = Object.entries({ ...entry, ...threads });
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: ['electron'] },
    build: {
      outDir: join(root, 'dist', name),
      emptyOutDir: true,
      // The oldest Node that may run a checkout (build/run.js): `using` is lowered for it.
      target: 'node22',
      copyPublicDir: false,
      license: { fileName: 'licences.json' },
      minify: false,
      rolldownOptions: {
        external,
        input: Object.fromEntries(entries.map(([file, path]) => [file, join(root, path)])),
        output: {
          format: 'esm',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Lines stay, for the traces in the log; what is written for readers of sources is nothing to load.
          comments: { jsdoc: false, annotation: false },
          ...(group && {
            codeSplitting: { groups: [{ name: group, includeDependenciesRecursively: false }] },
          }),
        },
      },
    },
  };
}

/**
 * Builds the page, the preload script (CommonJS, as a sandboxed one must be), and what runs on Node: the command line, and the desktop. The
 * two share no chunk: the desktop starts from few files, and nothing that its start needs comes into a command.
 */
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
    app: nodeBuild('app', { notafter: 'electron/notafter.ts' }),
    desktop: nodeBuild('desktop', { main: desktop }, startChunks(join(root, desktop), threadPaths)),
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
