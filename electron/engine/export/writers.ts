import type { ExportFormat } from '../../../shared/domain/export-formats.ts';
import { forJson } from '../../../shared/text/foreign-text.ts';
import type { JobResults } from '../jobs/job-results.ts';
import type { JobService } from '../jobs/job-service.ts';
import { exportJob } from './job.ts';

/** What is exported. */
export interface ExportSource {
  jobs: Pick<JobService, 'all' | 'withStatus'>;
  results: Pick<JobResults, 'lastChain' | 'changeTimes'>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What may be asked of an export; each format takes what it understands. */
interface ExportQuery {
  /** Only jobs that carry it. */
  tag?: string | undefined;
  /** How many days before it an event of the calendar reminds; none where it is left out. */
  alarm?: number | undefined;
}

type Writer = (source: ExportSource, query: ExportQuery) => string | Promise<string>;

const carries = (tag: string | undefined) => (job: { tags: readonly string[] }) =>
  tag === undefined || job.tags.includes(tag);

function standings({ jobs }: ExportSource, tag: string | undefined) {
  return [...jobs.withStatus()].filter(({ job }) => carries(tag)(job));
}

/** Writes each export format, of all jobs or of those that carry a tag. Formats of other programs are imported on first use. */
export const exportWriters: { readonly [Format in ExportFormat]: Writer } = {
  json({ jobs }, { tag }) {
    // What a source keeps comes by the source: added by itself it would be a whole file.
    const own = [...jobs.all()].filter(({ origin }) => origin === null).filter(carries(tag));
    return `${forJson(JSON.stringify({ jobs: own.map(exportJob) }, null, 2))}\n`;
  },
  csv: async (source, { tag }) => (await import('./csv.ts')).writeCsv(standings(source, tag)),
  async ics(source, { tag, alarm }) {
    const { writeCalendar } = await import('./calendar.ts');
    const times = source.results.changeTimes();
    const changedAt = (id: string) => times.get(id) ?? null;
    return writeCalendar(standings(source, tag), { now: source.now(), changedAt, alarmDays: alarm ?? null });
  },
  pem: async (source, { tag }) => (await import('./pem.ts')).writeBundle(source, tag),
};
