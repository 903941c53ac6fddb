import type { ExportFormat } from '../../../shared/domain/export-formats.ts';
import { forJson } from '../../../shared/text/foreign-text.ts';
import type { JobResults } from '../jobs/job-results.ts';
import type { JobService } from '../jobs/job-service.ts';
import { exportJob } from './job.ts';

/** What is exported. */
export interface ExportSource {
  jobs: Pick<JobService, 'all' | 'standings'>;
  results: Pick<JobResults, 'lastChain'>;
  /** Milliseconds since the epoch. */
  now(): number;
}

type Writer = (source: ExportSource, tag: string | undefined) => string | Promise<string>;

const carries = (tag: string | undefined) => (job: { tags: readonly string[] }) =>
  tag === undefined || job.tags.includes(tag);

function standings({ jobs }: ExportSource, tag: string | undefined) {
  return [...jobs.standings()].filter(({ job }) => carries(tag)(job));
}

/** Writes each export format, of all jobs or of those that carry a tag. Formats of others load when somebody wants one. */
export const exportWriters: { readonly [Format in ExportFormat]: Writer } = {
  json: ({ jobs }, tag) =>
    `${forJson(JSON.stringify({ jobs: [...jobs.all()].filter(carries(tag)).map(exportJob) }, null, 2))}\n`,
  csv: async (source, tag) => (await import('./csv.ts')).writeCsv(standings(source, tag)),
  ics: async (source, tag) =>
    (await import('./calendar.ts')).writeCalendar(standings(source, tag), source.now()),
  pem: async (source, tag) => (await import('./pem.ts')).writeBundle(source, tag),
};
