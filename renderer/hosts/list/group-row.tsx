import { memo } from 'react';
import { longExpiryWords } from '../../../shared/text/words.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { Time } from '../../components/time.tsx';
import { keysOf } from './job-keys.ts';
import classes from './job-table.module.css';
import type { GroupHead } from './list-rows.ts';
import { rowId } from './table-layout.ts';

interface GroupRowProps {
  row: GroupHead;
  index: number;
  top: number;
  isActive: boolean;
  isSelected: boolean;
  now: number;
  onActive: (id: string) => void;
  onFold: (key: string) => void;
  onSelect: (row: GroupHead) => void;
}

/** The heading of a group: its worst state, its name, how many hosts it has, and when the first of them expires. */
export const GroupRow = memo(function Heading(props: GroupRowProps) {
  const { row, index, top, isActive, isSelected, now, onActive, onFold, onSelect } = props;
  const { key, label, detail, mark, jobs } = row.group;
  const first = Math.min(...jobs.map((job) => keysOf(job).expiry));
  return (
    <div
      id={rowId(row.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={!row.isFolded}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={classes['row']}
      data-group
      data-picked={isSelected || undefined}
      // SAFETY: a custom property is a property.
      style={{ '--top': `${top}px` } as React.CSSProperties}
      onFocus={() => onActive(row.id)}
      onClick={() => onFold(key)}
    >
      <div role="gridcell" className={classes['select']}>
        <label onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select all hosts of ${label}`}
            checked={isSelected}
            onChange={() => onSelect(row)}
          />
        </label>
      </div>
      <div role="gridcell" className={classes['heading']}>
        <span className={classes['fold']} aria-hidden="true" />
        <StatusMark mark={mark} />
        <b>{label}</b>
        <span className="dim">{detail}</span>
        {Number.isFinite(first) && (
          <span className="dim">
            {first < now ? 'first expired ' : 'first expires '}
            <Time at={first}>{longExpiryWords(first, now)}</Time>
          </span>
        )}
      </div>
    </div>
  );
});
