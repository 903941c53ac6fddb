import { shallowEqual } from '@mantine/hooks';
import { FlexRender, type Row } from '@tanstack/react-table';
import { memo } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import { showJob } from '../../lib/use-route.ts';
import type { features } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { HostRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';

interface GridRowProps {
  row: Row<typeof features, HostRow>;
  index: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
  isSelected: boolean;
  /** The columns that are shown. */
  columnIds: string;
  onActive: (id: string) => void;
  /** @param id of the host */
  onSelect: (id: string, isRange: boolean) => void;
}

/** A row is drawn again when its host or its columns change, and not because the table around it did. */
export const GridRow = memo(DrawnRow, (before, after) => {
  const { row, ...rest } = before;
  const { row: next, ...others } = after;
  return row.original === next.original && shallowEqual(rest, others);
});

function DrawnRow({ row, index, top, isOpen, isActive, isSelected, onActive, onSelect }: GridRowProps) {
  const { id, job, groupId } = row.original;
  return (
    <div
      id={rowId(id)}
      role="row"
      aria-rowindex={index + 2}
      aria-level={groupId === null ? undefined : 2}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={classes['row']}
      data-open={isOpen || undefined}
      data-picked={isSelected || undefined}
      // SAFETY: a custom property is a property.
      style={{ '--top': `${top}px` } as React.CSSProperties}
      onFocus={() => onActive(id)}
      onClick={() => showJob(job.id)}
    >
      <div role="gridcell" className={classes['select']}>
        {/* The whole cell is the target; a click on it does not open the host. */}
        <label onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${jobName(job)}`}
            checked={isSelected}
            onChange={() => undefined} // The click says whether Shift was held.
            onClick={(event) => {
              onSelect(job.id, event.shiftKey);
              document.getElementById(rowId(id))?.focus({ preventScroll: true });
            }}
          />
        </label>
      </div>
      {row.getVisibleCells().map((cell) => (
        <div key={cell.id} role="gridcell" className={classes['cell']} data-column={cell.column.id}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}
