import type { Header } from '@tanstack/react-table';
import { type ColumnId, type features, looks } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { HostRow } from './list-rows.ts';

/** The head of a column; a click on it sorts. */
export function ColumnHead({ header: { column } }: { header: Header<typeof features, HostRow> }) {
  const { label, name } = looks[column.id as ColumnId]; // SAFETY: columns have these ids.
  if (!column.getCanSort() || label === '') {
    return (
      <div role="columnheader" className={classes['cell']} data-column={column.id}>
        {label === '' ? <span className="unseen">{name}</span> : label}
      </div>
    );
  }
  const sorted = column.getIsSorted();
  const direction = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <div
      role="columnheader"
      className={classes['cell']}
      aria-sort={sorted === false ? 'none' : direction[sorted]}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Sort by ${name.toLowerCase()}`}
        onClick={() => column.toggleSorting(sorted === 'asc')}
      >
        {label}
        {sorted !== false && <span aria-hidden="true">{sorted === 'desc' ? ' ↓' : ' ↑'}</span>}
      </button>
    </div>
  );
}
