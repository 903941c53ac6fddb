import { shallowEqual } from '@mantine/hooks';
import { memo } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import { showJob } from '../../lib/use-route.ts';
import { type ColumnId, cells } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { HostRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';

interface GridRowProps {
  row: HostRow;
  index: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
  isSelected: boolean;
  /** The columns that are shown. */
  columns: readonly ColumnId[];
  onActive: (id: string) => void;
  /** @param id of the host */
  onSelect: (id: string, isRange: boolean) => void;
}

/** A row is drawn again when its host or its columns change, and not because the table around it did. */
export const GridRow = memo(DrawnRow, (before, after) => {
  const { row, ...rest } = before;
  const { row: next, ...others } = after;
  return shallowEqual(row, next) && shallowEqual(rest, others);
});

function DrawnRow(props: GridRowProps) {
  const { row, index, top, isOpen, isActive, isSelected, columns, onActive, onSelect } = props;
  const { id, job, groupId } = row;
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
      {columns.map((column) => {
        const Cell = cells[column];
        return (
          <div key={column} role="gridcell" className={classes['cell']} data-column={column}>
            <Cell job={job} />
          </div>
        );
      })}
    </div>
  );
}
