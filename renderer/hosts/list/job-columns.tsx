import { createContext, useContext } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import { expiryOf, isAllAccepted } from '../../../shared/domain/job-urgency.ts';
import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import { formatTarget } from '../../../shared/domain/target.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { duration, longExpiryWords } from '../../../shared/text/words.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { Time } from '../../components/time.tsx';
import { shortTime } from '../../lib/dates.ts';
import { useCheckState } from '../checks-context.ts';
import { markOf } from './filters.ts';
import classes from './job-table.module.css';
import type { ColumnKey, SortColumn } from './table-layout.ts';

export type ColumnId = ColumnKey | 'status' | 'host';

/** What cells need besides their job. */
export const ListContext = createContext<{ now: number; openId: string | null }>({
  now: 0,
  openId: null,
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
  status: { label: '', name: 'Status', width: '24px', sort: 'urgency' },
  host: { label: 'Host', name: 'Host', width: 'minmax(120px, 1.35fr)', sort: 'host' },
  expiry: { label: 'Expires', name: 'Expires', width: '108px', sort: 'expiry' },
  wrong: { label: 'Problem', name: 'Problem', width: 'minmax(96px, 1.25fr)', sort: null },
  issuer: {
    label: 'Issuer',
    name: 'Issuer',
    width: 'minmax(70px, 0.85fr)',
    sort: 'issuer',
    givesWayAt: 860,
  },
  tags: { label: 'Tags', name: 'Tags', width: 'minmax(70px, 0.7fr)', sort: null, givesWayAt: 940 },
  checked: { label: 'Last check', name: 'Last check', width: '88px', sort: 'checked', givesWayAt: 820 },
  due: { label: 'Next check', name: 'Next check', width: '88px', sort: 'due', givesWayAt: 940 },
};

/** What a column shows of a host. */
export const cells: Readonly<Record<ColumnId, (props: { job: JobView }) => React.ReactNode>> = {
  status: StatusCell,
  host: HostCell,
  expiry: ExpiryCell,
  wrong: ProblemCell,
  issuer: ({ job }) => <TextCell text={job.lastCheck?.issuer ?? ''} />,
  tags: ({ job }) => <TextCell text={job.tags.join(', ')} />,
  checked: CheckedCell,
  due: DueCell,
};

// SAFETY: the record has these keys and no others.
const columnIds = Object.keys(looks) as ColumnId[];

/** Returns the columns to show: status and host, then those that were chosen, in their order, as far as there is room for them. */
export function shownColumns(chosen: readonly ColumnKey[], room: number): readonly ColumnId[] {
  return ['status', 'host', ...chosen.filter((id) => room > (looks[id].givesWayAt ?? 0))];
}

/** Columns that can be turned on and off. */
export const chosenColumns = columnIds.flatMap((key) =>
  key === 'status' || key === 'host' ? [] : [{ key, name: looks[key].name }],
);

function StatusCell({ job }: { job: JobView }) {
  const isRunning = useCheckState(job) === 'running';
  return (
    <span data-checking={isRunning || undefined} className={classes['mark']}>
      <StatusMark mark={markOf(job)} />
    </span>
  );
}

function HostCell({ job }: { job: JobView }) {
  const { openId } = useContext(ListContext);
  const address = formatTarget(job.target);
  return (
    <>
      <a
        href={`#/jobs/${job.id}`}
        aria-current={job.id === openId}
        tabIndex={-1}
        onClick={(event) => {
          // The row opens it, and keeps the filter; the address is for a new tab.
          if (!event.ctrlKey && !event.metaKey) event.preventDefault();
        }}
        title={`${job.name} ${address}`.trim()} // Either may not fit.
      >
        {jobName(job)}
      </a>
      {job.name && <span className="dim">{address}</span>}
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
      {longExpiryWords(expiryOf(job), now)}
    </Time>
  ) : null;
}

/** `checking` of a host whose check runs; one that waits for others keeps saying so, and not that it is checked. */
function CheckedCell({ job }: { job: JobView }) {
  const { now } = useContext(ListContext);
  const state = useCheckState(job);
  const words = { running: 'checking', waiting: 'waiting' } as const;
  return (
    <TimeCell
      time={state === null ? (job.lastCheck?.checkedAt ?? null) : null}
      words={(at) => shortDuration(now - at)}
      otherwise={state === null ? '' : words[state]}
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

function ProblemCell({ job }: { job: JobView }) {
  const { now } = useContext(ListContext);
  const [first = '', ...others] = problemWords(job, now);
  return (
    <span className={isQuiet(job) ? 'dim' : undefined} title={[first, ...others].join('\n')}>
      {first}
      {others.length > 0 && (
        <span className={classes['more']}>
          <span aria-hidden="true">+{others.length}</span>
          <span className="unseen">and {others.length} more</span>
        </span>
      )}
    </span>
  );
}

const isQuiet = (job: JobView) => job.paused || job.status === 'pending' || isAllAccepted(job);

/** Names the problems, the worst first and those that are accepted last. */
function problemWords({ lastCheck, paused, pausedUntil }: JobView, now: number): string[] {
  if (paused) return [pausedUntil ? `Paused until ${shortTime(pausedUntil)}` : 'Paused'];
  if (!lastCheck) return ['Not checked yet'];
  const overdueAt = lastCheck.renewalOverdueAt;
  const isOverdue = overdueAt !== null && Date.parse(overdueAt) <= now;
  const name = ({ code, message }: (typeof lastCheck.problems)[number]) => {
    if (code === 'expiring' && isOverdue) return 'Renewal overdue';
    return problemKind(code)?.label ?? message.replace(/\.$/, '');
  };
  return [
    ...lastCheck.problems.filter(isCounted).map(name),
    ...lastCheck.problems.filter(({ accepted }) => accepted).map((one) => `${name(one)}, accepted`),
  ];
}

function shortDuration(ms: number): string {
  return duration(ms)
    .replace('less than a minute', 'now')
    .replace(/ minutes?/, ' min')
    .replace(/ hours?/, ' h')
    .replace(/ days?/, ' d');
}
