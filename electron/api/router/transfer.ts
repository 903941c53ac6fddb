import { os } from './base.ts';

export const transferRouter = {
  export: os.transfer.export.handler(async ({ context: { engine } }) => {
    const { exportEverything } = await import('../../engine/transfer/export-everything.ts');
    const { settings, sources, discoveries, jobs } = engine;
    return exportEverything({
      settings: settings.current,
      sources: sources.list(),
      searches: discoveries.list(),
      jobs: jobs.all(),
      now: engine.now(),
    });
  }),
  import: os.transfer.import.handler(async ({ input: { body, query }, context: { engine } }) => {
    const { importEverything } = await import('../../engine/transfer/import-everything.ts');
    return importEverything(body, engine, query?.dryRun ?? false);
  }),
};
