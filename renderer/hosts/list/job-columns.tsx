import {
  type ColumnDef,
  columnVisibilityFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { createContext, useContext } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import { expiryOf } from '../../../shared/domain/job-urgency.ts';
import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import { formatTarget } from '../../../shared/domain/target.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { duration, expiryWords } from '../../../shared/text/words.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { Time } from '../../components/time.tsx';
import { markOf } from './filters.ts';
import classes from './job-table.module.css';
import type { ColumnKey, SortColumn } from './table-layout.ts';

export type ColumnId = ColumnKey | 'status' | 'host';

/** The table does not sort: the list is sorted before it is searched, so that a key costs no sorting. */
export const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });

export type JobColumn = ColumnDef<typeof features, JobView> & { id: ColumnId };

/** What cells need besides their job. */
export const ListContext = createContext<{ now: number; selectedId: string | null }>({
  now: 0,
  selectedId: null,
});

/** How a column looks. */
interface Look {
  /** Its heading; empty for a column of icons. */
  label: string;
  name: string;
  width: string;
  sort: SortColumn | null;
  /** Hidden in windows up to this width in pixels. */
  givesWayAt?: number;
}

export const looks: Readonly<Record<ColumnId, Look>> = {
  status: { label: '', name: 'Status', width: '32px', sort: 'urgency' },
  host: { label: 'Host', name: 'Host', width: 'minmax(96px, 1.35fr)', sort: 'host' },
  expiry: { label: 'Expires', name: 'Expires', width: '112px', sort: 'expiry' },
  wrong: { label: 'Problem', name: 'Problem', width: 'minmax(64px, 1.25fr)', sort: null },
  issuer: {
    label: 'Issuer',
    name: 'Issuer',
    width: 'minmax(70px, 0.85fr)',
    sort: 'issuer',
    givesWayAt: 1150,
  },
  tags: { label: 'Tags', name: 'Tags', width: 'minmax(70px, 0.7fr)', sort: null, givesWayAt: 1150 },
  checked: { label: 'Last check', name: 'Last check', width: '84px', sort: 'checked', givesWayAt: 560 },
  due: { label: 'Next check', name: 'Next check', width: '84px', sort: 'due', givesWayAt: 1150 },
};

const cells: Readonly<Record<ColumnId, (props: { job: JobView }) => React.ReactNode>> = {
  status: StatusCell,
  host: HostCell,
  expiry: ExpiryCell,
  wrong: ({ job }) => <TextCell text={wrongWords(job)} />,
  issuer: ({ job }) => <TextCell text={job.lastCheck?.issuer ?? ''} />,
  tags: ({ job }) => <TextCell text={job.tags.join(', ')} />,
  checked: CheckedCell,
  due: DueCell,
};

// SAFETY: the record has these keys and no others.
const columnIds = Object.keys(looks) as ColumnId[];

export const columns: readonly JobColumn[] = columnIds.map((id) => {
  const Cell = cells[id];
  return {
    id,
    header: looks[id].label,
    accessorFn: (job) => job, // A column without a value is none that can be sorted by.
    enableHiding: id !== 'status' && id !== 'host',
    enableSorting: looks[id].sort !== null,
    cell: ({ row }) => <Cell job={row.original} />,
  };
});

/** Columns that can be turned on and off. */
export const chosenColumns = columnIds.flatMap((key) =>
  key === 'status' || key === 'host' ? [] : [{ key, name: looks[key].name }],
);

function StatusCell({ job }: { job: JobView }) {
  return (
    <span data-checking={job.checking || undefined} className={classes['mark']}>
      <StatusMark mark={markOf(job)} />
    </span>
  );
}

function HostCell({ job }: { job: JobView }) {
  const { selectedId } = useContext(ListContext);
  return (
    <>
      <a
        href={`#/jobs/${job.id}`}
        aria-current={job.id === selectedId ? 'true' : undefined}
        title={formatTarget(job.target)}
      >
        {jobName(job)}
      </a>
      {job.name && <span className="dim"> {formatTarget(job.target)}</span>}
    </>
  );
}

const expiryCodes: ReadonlySet<string> = new Set(['expired', 'expiring', 'intermediate-expiring']);

function ExpiryCell({ job }: { job: JobView }) {
  const { now } = useContext(ListContext);
  const { lastCheck } = job;
  const level = lastCheck?.problems.filter(isCounted).find(({ code }) => expiryCodes.has(code))?.severity;
  return lastCheck?.expiresAt ? (
    <Time
      className={`${classes['expiry']} ${level ? `status-${level}` : ''}`}
      at={lastCheck.expiresAt}
      note={lastCheck.limitedBy === null ? undefined : `“${lastCheck.limitedBy}”, further up the chain`}
    >
      {expiryWords(expiryOf(job), now)}
    </Time>
  ) : null;
}

function CheckedCell({ job: { checking, lastCheck } }: { job: JobView }) {
  const { now } = useContext(ListContext);
  return (
    <TimeCell
      time={checking ? null : (lastCheck?.checkedAt ?? null)}
      words={(at) => shortDuration(now - at)}
      otherwise={checking ? 'now' : ''}
    />
  );
}

function DueCell({ job: { nextDueAt } }: { job: JobView }) {
  const { now } = useContext(ListContext);
  return (
    <TimeCell time={nextDueAt} words={(at) => (at <= now ? 'now' : shortDuration(at - now))} otherwise="" />
  );
}

function TextCell({ text }: { text: string }) {
  return (
    <span className="dim" title={text}>
      {text}
    </span>
  );
}

interface TimeCellProps {
  time: string | null;
  words: (at: number) => string;
  otherwise: string;
}

function TimeCell({ time, words, otherwise }: TimeCellProps) {
  if (time === null) return <span className="dim">{otherwise}</span>;
  return (
    <Time className="dim" at={time}>
      {words(Date.parse(time))}
    </Time>
  );
}

/** Names the problems; nearing expiry has its own column. */
function wrongWords({ lastCheck, paused }: JobView): string {
  if (paused) return 'Paused';
  if (!lastCheck) return 'Not checked yet';
  const words = lastCheck.problems
    .filter(isCounted)
    .filter(({ code }) => code !== 'expiring')
    .map(({ code, message }) => problemKind(code)?.label ?? message.replace(/\.$/, ''));
  return words.map((word, index) => (index === 0 ? word : word.toLowerCase())).join(', ');
}

function shortDuration(ms: number): string {
  return duration(ms)
    .replace('less than a minute', 'now')
    .replace(/ minutes?/, ' min')
    .replace(/ hours?/, ' h')
    .replace(/ days?/, ' d');
}
