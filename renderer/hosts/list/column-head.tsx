import { lazyComponent } from '../../lib/lazy-component.tsx';
import type { Sort } from './filters.ts';
import { type ColumnId, looks } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { ColumnKey } from './table-layout.ts';
import type { ColumnLayout } from './use-table-layout.ts';

const ColumnTools = lazyComponent(async () => (await import('./column-tools.tsx')).ColumnTools);

interface ColumnHeadProps {
  id: ColumnId;
  sort: Sort;
  onSort: (sort: Sort) => void;
  layout: ColumnLayout;
  /** The columns that there is room for besides status and host, in their order. */
  shown: readonly ColumnKey[];
}

/** The head of a column; a click on it sorts. It can be dragged to another place and to another width. */
export function ColumnHead({ id, sort, onSort, layout, shown }: ColumnHeadProps) {
  const { label, name, sort: sortColumn } = looks[id];
  const tools = id !== 'status' && <ColumnTools id={id} name={name} layout={layout} shown={shown} />;
  if (id === 'status' || sortColumn === null) {
    return (
      // Without a button the head itself takes the focus: its column can be moved and sized, too.
      <div
        role="columnheader"
        className={classes['cell']}
        data-column={id}
        tabIndex={id === 'status' ? undefined : -1}
      >
        {label === '' ? <span className="unseen">{name}</span> : label}
        {tools}
      </div>
    );
  }
  const isSorted = sort.column === sortColumn;
  const direction = sort.isDescending ? 'descending' : 'ascending';
  return (
    <div
      role="columnheader"
      className={classes['cell']}
      data-column={id}
      aria-sort={isSorted ? direction : 'none'}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Sort by ${name.toLowerCase()}`}
        onClick={() => onSort({ column: sortColumn, isDescending: isSorted && !sort.isDescending })}
      >
        {label}
        {isSorted && <span aria-hidden="true">{sort.isDescending ? ' ↓' : ' ↑'}</span>}
      </button>
      {tools}
    </div>
  );
}
