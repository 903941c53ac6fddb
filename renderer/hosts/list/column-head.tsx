import type { Header } from '@tanstack/react-table';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import { type ColumnId, type features, looks } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { HostRow } from './list-rows.ts';
import type { ColumnKey } from './table-layout.ts';
import type { ColumnLayout } from './use-table-layout.ts';

const ColumnTools = lazyComponent(async () => (await import('./column-tools.tsx')).ColumnTools);

interface ColumnHeadProps {
  header: Header<typeof features, HostRow>;
  layout: ColumnLayout;
  /** The columns that there is room for besides status and host, in their order. */
  shown: readonly ColumnKey[];
}

/** The head of a column; a click on it sorts. It can be dragged to another place and to another width. */
export function ColumnHead({ header: { column }, layout, shown }: ColumnHeadProps) {
  const id = column.id as ColumnId; // SAFETY: columns have these ids.
  const { label, name } = looks[id];
  const tools = id !== 'status' && <ColumnTools id={id} name={name} layout={layout} shown={shown} />;
  if (id === 'status' || !column.getCanSort()) {
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
  const sorted = column.getIsSorted();
  const direction = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <div
      role="columnheader"
      className={classes['cell']}
      data-column={id}
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
      {tools}
    </div>
  );
}
