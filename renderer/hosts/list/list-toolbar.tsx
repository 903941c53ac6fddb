import { Button } from '@mantine/core';
import { memo } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import type { SavedView } from '../../../shared/schema/saved-view.ts';
import { Menu } from '../../components/late-menu.tsx';
import { setPreferences, usePreferences } from '../../lib/preferences.ts';
import classes from '../jobs-view.module.css';
import { countIssuers, type Filter, groupWords, type Sort } from './filters.ts';
import { type GroupBy, groupings, groupingWords } from './group-jobs.ts';
import { chosenColumns } from './job-columns.tsx';
import type { ColumnKey, SortColumn } from './table-layout.ts';
import { daysWords } from './timeline.tsx';

interface FilterProps {
  /** The filters besides the search, whose keys need not draw this. */
  filter: Omit<Filter, 'search'>;
  onFilter: (changed: Partial<Filter>) => void;
}

interface ListToolbarProps extends FilterProps {
  jobs: readonly JobView[];
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

/** Filters the list, sorts it, and chooses its columns. */
export const ListToolbar = memo(function Toolbar(props: ListToolbarProps) {
  const { jobs, filter, onFilter, sort, onSort, by, onGroup, columns, onToggleColumn, savedView } = props;
  const { density } = usePreferences();
  return (
    <div className={classes['toolbar']}>
      <Chips filter={filter} onFilter={onFilter} />
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default">Issuer ▾</Button>
        </Menu.Target>
        <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
          <Menu.Item onClick={() => onFilter({ issuer: null })}>All issuers</Menu.Item>
          <Menu.Divider />
          <IssuerItems jobs={jobs} onChoose={(issuer) => onFilter({ issuer })} />
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end" shadow="md" closeOnItemClick={false}>
        <Menu.Target>
          <Button variant="default">View ▾</Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
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
        </Menu.Dropdown>
      </Menu>
    </div>
  );
});

/** Counts when the menu opens, and not with every result. */
function IssuerItems({ jobs, onChoose }: { jobs: readonly JobView[]; onChoose: (issuer: string) => void }) {
  return countIssuers(jobs).map(([issuer, number]) => (
    <Menu.Item key={issuer} rightSection={number.toLocaleString('en')} onClick={() => onChoose(issuer)}>
      {issuer}
    </Menu.Item>
  ));
}

/** The filters that are on besides the search, each to be removed. */
function Chips({ filter, onFilter }: FilterProps) {
  const { group, issuer, tag, expiry } = filter;
  const chips = [
    group !== 'all' && { key: 'group', label: groupWords[group], clear: { group: 'all' } as const },
    issuer !== null && { key: 'issuer', label: issuer, clear: { issuer: null } },
    tag !== null && { key: 'tag', label: `tag: ${tag}`, clear: { tag: null } },
    expiry !== null && { key: 'expiry', label: daysWords(expiry), clear: { expiry: null } },
  ].filter((chip) => chip !== false);
  if (chips.length === 0) return null;
  return (
    <fieldset className={classes['chips']} aria-label="Filters">
      {chips.map(({ key, label, clear }) => (
        <button key={key} type="button" className={classes['chip']} onClick={() => onFilter(clear)}>
          <span>{label}</span> <span aria-hidden="true">×</span>
          <span className="unseen">: remove this filter</span>
        </button>
      ))}
    </fieldset>
  );
}
