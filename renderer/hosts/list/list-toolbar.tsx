import { Menu } from '@mantine/core';
import type { RefObject } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import classes from '../jobs-view.module.css';
import { countGroup, countIssuers, type Filter } from './filters.ts';
import { chosenColumns } from './job-columns.tsx';
import type { ColumnKey } from './table-layout.ts';

interface FilterProps {
  jobs: readonly JobView[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

interface ListToolbarProps extends FilterProps {
  search: RefObject<HTMLInputElement | null>;
  columns: readonly ColumnKey[];
  onToggleColumn: (key: ColumnKey) => void;
}

/** Filters the list and chooses its columns. */
export function ListToolbar({ jobs, filter, onFilter, search, columns, onToggleColumn }: ListToolbarProps) {
  return (
    <div className={classes['toolbar']}>
      <input
        ref={search}
        className={classes['search']}
        type="search"
        placeholder="Search hosts, names, issuers, problems, notes"
        aria-label="Search hosts"
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (filter.search === '') event.currentTarget.blur();
          else onFilter({ ...filter, search: '' });
        }}
      />
      <Chips jobs={jobs} filter={filter} onFilter={onFilter} />
      <IssuerMenu jobs={jobs} filter={filter} onFilter={onFilter} />
      <ColumnMenu chosen={columns} onToggle={onToggleColumn} />
    </div>
  );
}

/** Filters by issuer, for a CA that you leave or that misbehaved. */
function IssuerMenu({ jobs, filter, onFilter }: FilterProps) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button type="button" className={classes['chip']} style={{ marginLeft: 'auto', flex: 'none' }}>
          Issuer ▾
        </button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        <Menu.Item onClick={() => onFilter({ ...filter, issuer: null })}>All issuers</Menu.Item>
        <Menu.Divider />
        <IssuerItems jobs={jobs} onChoose={(issuer) => onFilter({ ...filter, issuer })} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Counts when the menu opens, and not with every result. */
function IssuerItems({ jobs, onChoose }: { jobs: readonly JobView[]; onChoose: (issuer: string) => void }) {
  return countIssuers(jobs).map(([issuer, number]) => (
    <Menu.Item key={issuer} rightSection={number.toLocaleString('en')} onClick={() => onChoose(issuer)}>
      {issuer}
    </Menu.Item>
  ));
}

interface ColumnMenuProps {
  chosen: readonly ColumnKey[];
  onToggle: (key: ColumnKey) => void;
}

function ColumnMenu({ chosen, onToggle }: ColumnMenuProps) {
  return (
    <Menu position="bottom-end" shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <button type="button" className={classes['chip']} style={{ flex: 'none' }}>
          Columns ▾
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {chosenColumns.map(({ key, name }) => (
          <Menu.CheckboxItem key={key} checked={chosen.includes(key)} onChange={() => onToggle(key)}>
            {name}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const chips: [group: Filter['group'], label: string][] = [
  ['all', 'All'],
  ['fine', 'OK'],
  ['expiring', 'Expiring'],
  ['broken', 'Other problems'],
  ['unreachable', 'Unreachable'],
];

function Chips({ jobs, filter, onFilter }: FilterProps) {
  const narrowed = [
    filter.issuer !== null && { key: 'issuer', label: filter.issuer, clear: { issuer: null } },
    filter.tag !== null && { key: 'tag', label: filter.tag, clear: { tag: null } },
    filter.expiry !== null && { key: 'expiry', label: 'Chosen days', clear: { expiry: null } },
  ].filter((chip) => chip !== false);
  return (
    <fieldset className={classes['chips']} aria-label="Filter">
      {chips.map(([group, label]) => {
        const number = countGroup(jobs, group);
        return (
          <button
            key={group}
            type="button"
            className={classes['chip']}
            aria-pressed={filter.group === group}
            onClick={() => onFilter({ ...filter, group })}
          >
            {group === 'all' ? label : `${label} ${number.toLocaleString('en')}`}
          </button>
        );
      })}
      {narrowed.map(({ key, label, clear }) => (
        <button
          key={key}
          type="button"
          className={classes['chip']}
          aria-pressed
          onClick={() => onFilter({ ...filter, ...clear })}
        >
          {label} <span aria-hidden="true">×</span>
          <span className={classes['unseen']}>: remove this filter</span>
        </button>
      ))}
    </fieldset>
  );
}
