/** The modules that run as worker threads, by the names of their files in dist/app and dist/desktop: `electron/engine/worker.ts` starts them by path. */
export const threads = {
  'import-worker': 'electron/engine/import/import-worker.ts',
  'container-worker': 'electron/engine/probe/files/container-worker.ts',
  'client-key-worker': 'electron/engine/probe/client-key-worker.ts',
  'names-worker': 'electron/engine/discovery/names/names-worker.ts',
  'dns-worker': 'electron/engine/discovery/dns/dns-worker.ts',
};
