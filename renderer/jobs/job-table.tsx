import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { expiryOf, jobName } from '../../shared/headline.ts';
import type { JobView } from '../../shared/job.ts';
import type { ColumnKey, SortColumn } from '../../shared/list-look.ts';
import { formatTarget } from '../../shared/target.ts';
import { duration, expiryWords } from '../../shared/words.ts';
import { exactTime } from '../components/dates.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { showJob } from '../components/use-route.ts';
import { markOf, type Sort } from './filters.ts';
import classes from './job-table.module.css';
import type { Picked } from './use-picked.ts';

interface JobTableProps {
  jobs: readonly JobView[];
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selectedId: string | null;
  picked: Picked;
  chosen: readonly ColumnKey[];
}

const rowHeight = 31;

interface Column {
  key: ColumnKey | 'status' | 'host';
  sort: SortColumn | null;
  label: string;
  name: string;
  width: string;
}

const columns: readonly Column[] = [
  { key: 'status', sort: 'urgency', label: '', name: 'Status', width: '32px' },
  { key: 'host', sort: 'host', label: 'Host', name: 'Host', width: 'minmax(130px, 1.35fr)' },
  { key: 'expiry', sort: 'expiry', label: 'Expires', name: 'Expires', width: '112px' },
  { key: 'wrong', sort: null, label: 'What is wrong', name: 'What is wrong', width: 'minmax(110px, 1.25fr)' },
  { key: 'issuer', sort: 'issuer', label: 'Issuer', name: 'Issuer', width: 'minmax(70px, 0.85fr)' },
  { key: 'tags', sort: null, label: 'Tags', name: 'Tags', width: 'minmax(70px, 0.7fr)' },
  { key: 'checked', sort: 'checked', label: 'Last check', name: 'Last check', width: '84px' },
  { key: 'due', sort: 'due', label: 'Next check', name: 'Next check', width: '84px' },
];

/** Columns that a person can choose, with their names. */
export const chosenColumns = columns.flatMap(({ key, name }) =>
  key === 'status' || key === 'host' ? [] : [{ key, name }],
);

/** Where there is little room, these give way, whatever was chosen. */
const givesWay: ReadonlySet<Column['key']> = new Set(['issuer', 'tags', 'due']);

/**
 * The list: only the rows in sight are drawn, which a table element could not do, so the roles are given by hand. Arrow
 * keys move, x picks, Ctrl+A picks all, Enter opens the link in a row, Escape lets go.
 */
export function JobTable({ jobs, now, sort, onSort, selectedId, picked, chosen }: JobTableProps) {
  const isNarrow = useMediaQuery('(max-width: 1150px)', undefined, { getInitialValueInEffect: false });
  const visible = columns.filter(
    ({ key }) =>
      key === 'status' || key === 'host' || (chosen.includes(key) && !(isNarrow && givesWay.has(key))),
  );
  const widths = ['38px', ...visible.map(({ width }) => width)].join(' ');
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => jobs[index]?.id ?? index,
  });
  const selectedIndex = jobs.findIndex(({ id }) => id === selectedId);
  const lastSelected = useRef<string | null>(null);
  useEffect(() => {
    // Brought into sight when it is chosen, and left alone when results move it.
    if (selectedId !== lastSelected.current && selectedIndex >= 0)
      virtual.scrollToIndex(selectedIndex, { align: 'auto' });
    lastSelected.current = selectedId;
  }, [selectedId, selectedIndex, virtual]);

  const move = (to: number) => {
    const job = jobs[Math.max(0, Math.min(jobs.length - 1, to))];
    if (job) showJob(job.id);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -jobs.length,
      End: jobs.length,
    };
    const step = steps[event.key];
    const isAll = (event.ctrlKey || event.metaKey) && event.key === 'a';
    if (event.key === 'Escape' && picked.ids.size > 0) picked.clear();
    else if (event.key === 'Escape') showJob(null);
    else if (isAll) picked.setAll(jobs);
    else if (event.key === 'x' && selectedId !== null) picked.toggle(selectedId, jobs, event.shiftKey);
    else if (step !== undefined) move(selectedIndex + step);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={classes['table']}
      role="table"
      aria-label="Certificates"
      aria-rowcount={jobs.length + 1}
      style={{ '--columns': widths } as React.CSSProperties} // True: a custom property is a property.
    >
      <div role="rowgroup">
        <div className={classes['head']} role="row" aria-rowindex={1}>
          <div role="columnheader" className={classes['pick']}>
            <input
              type="checkbox"
              aria-label="Pick all in the list"
              checked={picked.ids.size > 0 && jobs.every(({ id }) => picked.ids.has(id))}
              onChange={(event) => (event.currentTarget.checked ? picked.setAll(jobs) : picked.clear())}
            />
          </div>
          {visible.map(({ key, sort: column, label, name }) => (
            <ColumnHead key={key} column={column} label={label} name={name} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, so the keyboard must be able to reach it. */}
      <div ref={scroller} className={classes['body']} role="rowgroup" tabIndex={0} onKeyDown={onKeyDown}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const job = jobs[index];
            return job ? (
              <Row
                key={key}
                job={job}
                index={index}
                top={start}
                now={now}
                columns={visible}
                isSelected={job.id === selectedId}
                isPicked={picked.ids.has(job.id)}
                onPick={(isRange) => picked.toggle(job.id, jobs, isRange)}
              />
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}

interface ColumnHeadProps extends Pick<JobTableProps, 'sort' | 'onSort'> {
  column: SortColumn | null;
  label: string;
  name: string;
}

function ColumnHead({ column, label, name, sort, onSort }: ColumnHeadProps) {
  if (column === null) {
    return (
      <div role="columnheader" className={classes['cell']}>
        {label}
      </div>
    );
  }
  const isSorted = sort.column === column;
  const direction = sort.isDescending ? 'descending' : 'ascending';
  return (
    <div role="columnheader" className={classes['cell']} aria-sort={isSorted ? direction : 'none'}>
      <button
        type="button"
        aria-label={`Sort by ${name.toLowerCase()}`}
        onClick={() => onSort({ column, isDescending: isSorted && !sort.isDescending })}
      >
        {label}
        {isSorted && <span aria-hidden="true">{sort.isDescending ? ' ↓' : ' ↑'}</span>}
      </button>
    </div>
  );
}

interface RowProps {
  job: JobView;
  index: number;
  top: number;
  now: number;
  columns: readonly Column[];
  isSelected: boolean;
  isPicked: boolean;
  onPick: (isRange: boolean) => void;
}

function Row({ job, index, top, now, columns: shown, isSelected, isPicked, onPick }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes['row']}
      data-selected={isSelected || undefined}
      data-picked={isPicked || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => showJob(job.id)}
    >
      <div role="cell" className={classes['pick']}>
        <input
          type="checkbox"
          aria-label={`Pick ${jobName(job)}`}
          checked={isPicked}
          onChange={() => undefined} // A click says whether Shift was held.
          onClick={(event) => {
            event.stopPropagation();
            onPick(event.shiftKey);
          }}
        />
      </div>
      {shown.map(({ key }) => (
        <Cell key={key} column={key} job={job} now={now} isSelected={isSelected} />
      ))}
    </div>
  );
}

interface CellProps {
  column: Column['key'];
  job: JobView;
  now: number;
  isSelected: boolean;
}

function Cell({ column, job, now, isSelected }: CellProps) {
  const { lastCheck, checking, nextDueAt } = job;
  switch (column) {
    case 'status':
      return (
        <div role="cell" className={classes['cell']}>
          <span data-checking={checking || undefined} className={classes['mark']}>
            <StatusMark mark={markOf(job)} />
          </span>
        </div>
      );
    case 'host':
      return (
        <div role="cell" className={classes['cell']}>
          <a
            href={`#/jobs/${job.id}`}
            aria-current={isSelected ? 'true' : undefined}
            title={formatTarget(job.target)}
          >
            {jobName(job)}
          </a>
          {job.name && <span className="dim"> {formatTarget(job.target)}</span>}
        </div>
      );
    case 'expiry': {
      const level = lastCheck?.problems.find(
        ({ code }) => code === 'expired' || code === 'expiring',
      )?.severity;
      return (
        <div
          role="cell"
          className={`${classes['cell']} ${classes['expiry']} ${level ? `status-${level}` : ''}`}
        >
          {lastCheck?.validTo && (
            <time dateTime={lastCheck.validTo} title={exactTime(lastCheck.validTo)}>
              {expiryWords(expiryOf(job), now)}
            </time>
          )}
        </div>
      );
    }
    case 'wrong':
      return <TextCell text={wrongWords(job)} />;
    case 'issuer':
      return <TextCell text={lastCheck?.issuer ?? ''} />;
    case 'tags':
      return <TextCell text={job.tags.join(', ')} />;
    case 'checked':
      return (
        <TimeCell
          time={checking ? null : (lastCheck?.checkedAt ?? null)}
          words={(at) => shortDuration(now - at)}
          otherwise={checking ? 'now' : ''}
        />
      );
    case 'due':
      return (
        <TimeCell
          time={nextDueAt}
          words={(at) => (at <= now ? 'now' : shortDuration(at - now))}
          otherwise=""
        />
      );
  }
}

function TextCell({ text }: { text: string }) {
  return (
    <div role="cell" className={`${classes['cell']} dim`} title={text}>
      {text}
    </div>
  );
}

interface TimeCellProps {
  time: string | null;
  words: (at: number) => string;
  otherwise: string;
}

function TimeCell({ time, words, otherwise }: TimeCellProps) {
  return (
    <div role="cell" className={`${classes['cell']} dim`}>
      {time === null ? (
        otherwise
      ) : (
        <time dateTime={time} title={exactTime(time)}>
          {words(Date.parse(time))}
        </time>
      )}
    </div>
  );
}

const problemLabels: Record<string, string> = {
  expired: 'Expired',
  'not-yet-valid': 'Not valid yet',
  revoked: 'Revoked',
  'hostname-mismatch': 'Wrong name',
  'self-signed': 'Self-signed',
  'untrusted-issuer': 'Untrusted issuer',
  'incomplete-chain': 'Incomplete chain',
  'intermediate-expiring': 'Intermediate expires first',
  'weak-key': 'Weak key',
  'weak-signature': 'Weak signature',
  'old-protocol': 'Old protocol',
  'validity-too-long': 'Valid for too long',
};

/** What is wrong besides the expiry, which has its own column. */
function wrongWords({ lastCheck, paused }: JobView): string {
  if (paused) return 'Paused';
  if (!lastCheck) return 'Not checked yet';
  const words = lastCheck.problems
    .filter(({ code }) => code !== 'expiring')
    .map(({ code, message }) => problemLabels[code] ?? message.replace(/\.$/, ''));
  return words.map((word, index) => (index === 0 ? word : word.toLowerCase())).join(', ');
}

function shortDuration(ms: number): string {
  return duration(ms)
    .replace('less than a minute', 'now')
    .replace(/ minutes?/, ' min')
    .replace(/ hours?/, ' h')
    .replace(/ days?/, ' d');
}
