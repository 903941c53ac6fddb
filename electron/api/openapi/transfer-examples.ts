import type { ApiExample } from './examples.ts';

const wholeExport = {
  format: 'notafter-export',
  schemaVersion: 10,
  exportedAt: '2026-11-24T08:00:00.000Z',
  settings: { retentionDays: 100 },
  sources: [],
  searches: [],
  jobs: [],
  missing: [],
};

/** Examples of the calls that move everything to another machine, and of the notice after an interrupted run. */
export const transferExamples: Readonly<Record<string, ApiExample>> = {
  dismissInterruption: {},
  'transfer.export': { answer: wholeExport },
  'transfer.import': {
    query: { dryRun: true },
    body: wholeExport,
    answer: {
      dryRun: true,
      exportedAt: wholeExport.exportedAt,
      changes: [{ what: 'setting', name: 'retentionDays', outcome: 'changed', message: null }],
      jobs: { format: 'notafter', dryRun: true, added: 0, merged: 0, duplicates: 0, invalid: 0, entries: [] },
      missing: [],
    },
  },
};
