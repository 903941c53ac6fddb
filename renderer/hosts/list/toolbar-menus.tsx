import { Menu } from '@mantine/core';
import type { JobView } from '../../../shared/schema/job.ts';
import type { SavedView } from '../../../shared/schema/saved-view.ts';
import { setPreferences, usePreferences } from '../../lib/preferences.ts';
import { countIssuers, type Filter, type Sort } from './filters.ts';
import { type GroupBy, groupings, groupingWords } from './group-jobs.ts';
import { chosenColumns } from './job-columns.tsx';
import type { ColumnKey, SortColumn } from './table-layout.ts';

export interface ListToolbarProps {
  jobs: readonly JobView[];
  onFilter: (changed: Partial<Filter>) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  by: GroupBy | null;
  onGroup: (by: GroupBy | null) => void;
  columns: readonly ColumnKey[];
  onToggleColumn: (key: ColumnKey) => void;
  /** Shows the usual columns in their usual order and width. */
  onResetColumns: () => void;
  /** The saved view that is shown; null: another one. */
  savedView: SavedView | null;
  /** Saves what is shown as a view; null: all hosts, which is a view already. */
  onSaveView: (() => void) | null;
  onDeleteView: (view: SavedView) => void;
}

const sortWords: Readonly<Record<SortColumn, string>> = {
  urgency: 'Urgency',
  host: 'Host',
  expiry: 'Expiry',
  issuer: 'Issuer',
  checked: 'Last check',
  due: 'Next check',
};
// SAFETY: the record has exactly these keys, by its type.
const sortColumns = Object.keys(sortWords) as SortColumn[];

/** The menu that sorts and groups the list and chooses its columns. */
export function ViewItems(props: ListToolbarProps) {
  const { sort, onSort, by, onGroup, columns, onToggleColumn, savedView } = props;
  const { density } = usePreferences();
  return (
    <>
      <Menu.Label>Sort by</Menu.Label>
      <Menu.RadioGroup
        value={sort.column}
        onChange={(value) => {
          const column = sortColumns.find((one) => one === value);
          if (column) onSort({ column, isDescending: false });
        }}
      >
        {sortColumns.map((column) => (
          <Menu.RadioItem key={column} value={column}>
            {sortWords[column]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Label>Group by</Menu.Label>
      <Menu.RadioGroup
        value={by ?? 'nothing'}
        onChange={(value) => onGroup(groupings.find((one) => one === value) ?? null)}
      >
        <Menu.RadioItem value="nothing">Nothing</Menu.RadioItem>
        {groupings.map((one) => (
          <Menu.RadioItem key={one} value={one}>
            {groupingWords[one]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Label>Columns</Menu.Label>
      {chosenColumns.map(({ key, name }) => (
        <Menu.CheckboxItem key={key} checked={columns.includes(key)} onChange={() => onToggleColumn(key)}>
          {name}
        </Menu.CheckboxItem>
      ))}
      <Menu.Item onClick={props.onResetColumns}>Reset columns</Menu.Item>
      <Menu.Label>Density</Menu.Label>
      <Menu.CheckboxItem
        checked={density === 'comfortable'}
        onChange={() => setPreferences({ density: density === 'compact' ? 'comfortable' : 'compact' })}
      >
        Comfortable rows
      </Menu.CheckboxItem>
      {props.onSaveView && (
        <>
          <Menu.Divider />
          {savedView ? (
            <Menu.Item closeMenuOnClick onClick={() => props.onDeleteView(savedView)}>
              Delete view “{savedView.name}”
            </Menu.Item>
          ) : (
            <Menu.Item closeMenuOnClick onClick={props.onSaveView}>
              Save view…
            </Menu.Item>
          )}
        </>
      )}
    </>
  );
}

/** The menu of issuers. Counts when it opens, and not with every result. */
export function IssuerItems({ jobs, onFilter }: Pick<ListToolbarProps, 'jobs' | 'onFilter'>) {
  return (
    <>
      <Menu.Item onClick={() => onFilter({ issuer: null })}>All issuers</Menu.Item>
      <Menu.Divider />
      {countIssuers(jobs).map(([issuer, number]) => (
        <Menu.Item
          key={issuer}
          rightSection={number.toLocaleString('en')}
          onClick={() => onFilter({ issuer })}
        >
          {issuer}
        </Menu.Item>
      ))}
    </>
  );
}
