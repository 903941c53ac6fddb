import { defineConfig } from 'vitest/config';

/**
 * What is waited for comes, but not always within seconds where machines are shared. These only end a test that hangs: none measures by
 * them, and a test that passes never waits for one.
 */
const patience = { poll: { timeout: 30_000 } };

/** The command line gets on the PATH otherwise on Windows: each has a spec of its own. */
const ofAnotherSystem =
  process.platform === 'win32' ? 'test/desktop/os/cli-install.test.ts' : 'test/package/windows-path.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-first.ts'],
    // By default a core is left idle: half of a machine with two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [ofAnotherSystem],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          expect: patience,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/servers/*.servers.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'fleet',
          include: ['test/fleet/*.fleet.ts'],
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          expect: patience,
        },
      },
    ],
  },
});
