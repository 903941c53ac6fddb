import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { needsPerson } from '../../shared/domain/job-urgency.ts';
import type { AlertState } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count } from '../../shared/text/words.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import views from '../components/view.module.css';
import { SearchBox } from '../hosts/list/search-box.tsx';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { announce } from '../lib/announce.ts';
import { useKeys } from '../lib/keys.ts';
import type { HistoryStep } from '../lib/page-address.ts';
import { navigate } from '../lib/use-route.ts';
import { AcknowledgeAll } from './acknowledge-all.tsx';
import { AlertRow } from './alert-row.tsx';
import { alertStatuses, stateWords } from './alert-search.ts';
import classes from './alerts.module.css';
import { type AlertsPlace, alertsAddress, readAlertsPlace } from './alerts-address.ts';
import { useAlertFocus } from './use-alert-focus.ts';
import { type AlertGroup, maxSearched, pageSize, useAlertGroups } from './use-alert-groups.ts';

interface AlertsViewProps {
  /** Which alerts the address shows. */
  query: string;
  /** Increases with every event about an alert. */
  alertsHeard: number;
  jobs: readonly JobView[];
  now: number;
  actions: HostActions;
}

/** Lists alerts by their states: those that need attention and are snoozed, and all of them on request. */
export function AlertsView({ query, alertsHeard, jobs, now, actions }: AlertsViewProps) {
  const place = useMemo(() => readAlertsPlace(query), [query]);
  const { show, search } = place;
  const [limits, setLimits] = useState<Partial<Record<AlertState, number>>>({});
  const known = useMemo(() => new Map(jobs.map((job) => [job.id, job])), [jobs]);
  const { groups, failure } = useAlertGroups({ ...place, limits, heard: alertsHeard, jobs: known, now });
  const needy = useMemo(() => jobs.filter(needsPerson).length, [jobs]);
  const list = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const ids = groups?.flatMap(({ items }) => items.map(({ id }) => id)) ?? [];
  const focus = useAlertFocus(list, heading, ids);
  const go = (changed: Partial<AlertsPlace>, step?: HistoryStep) =>
    navigate(alertsAddress({ ...place, ...changed }), step);
  useKeys({ '/': () => input.current?.focus() });
  useAnnouncedMatches(groups, search);
  const open = groups?.filter(({ state }) => state === 'open' || state === 'snoozed') ?? [];
  const openCount = open.reduce((sum, { total }) => sum + total, 0);
  return (
    <main className={views['view']}>
      <div className={classes['head']}>
        <h2 ref={heading} tabIndex={-1}>
          Alerts
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="Which alerts"
          value={show}
          onChange={(value) => go({ show: value === 'all' ? 'all' : 'open' })}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'all', label: 'All' },
          ]}
        />
        {show === 'open' && search === '' && openCount > 1 && <AcknowledgeAll total={openCount} />}
      </div>
      <div className={classes['search']}>
        <SearchBox
          jobs={jobs}
          search={search}
          statuses={alertStatuses}
          label="Search alerts"
          placeholder="Search alerts by host, problem, issuer or tag"
          onSearch={(text) => go({ search: text }, 'typed')}
          onLeave={focus.enter}
          input={input}
        />
      </div>
      <ReadOutcome isRead={groups !== null} failure={failure} what="Loading alerts" />
      {groups?.length === 0 && search !== '' && (
        <p className="dim">
          {show === 'open' ? 'No open alerts match. “All” shows the others, too.' : 'No alerts match.'}
        </p>
      )}
      {groups?.length === 0 && search === '' && <NoAlerts show={show} needy={needy} />}
      <div ref={list}>
        {groups?.map((group) => (
          <section key={group.state} aria-labelledby={`alerts-${group.state}`}>
            <h3 id={`alerts-${group.state}`} className={classes['group']}>
              {stateWords[group.state]} <span className="dim">{group.total.toLocaleString('en')}</span>
            </h3>
            <ul className={classes['list']}>
              {group.items.map((alert) => (
                <AlertRow
                  key={alert.id}
                  alert={alert}
                  job={known.get(alert.jobId)}
                  now={now}
                  isActive={alert.id === focus.active}
                  actions={actions}
                  onFocus={focus.onFocus}
                  onBlur={focus.onBlur}
                />
              ))}
            </ul>
            <More
              group={group}
              onMore={() =>
                setLimits({ ...limits, [group.state]: (limits[group.state] ?? pageSize) + pageSize })
              }
            />
          </section>
        ))}
      </div>
    </main>
  );
}

function NoAlerts({ show, needy }: { show: AlertsPlace['show']; needy: number }) {
  if (show === 'all')
    return <p className="dim">No alerts yet. Alerts appear here when NotAfter finds a problem.</p>;
  return (
    <>
      <p className="dim">No open alerts. Alerts stay here until resolved or acknowledged.</p>
      {needy > 0 && (
        <p>
          <a className={classes['needy']} href="#/?status=needy">
            {count(needy, 'host')} still {needy === 1 ? 'needs' : 'need'} attention
          </a>
        </p>
      )}
    </>
  );
}

/** Shows more of a state, and says what a search has not looked through. */
function More({ group: { items, total, unsearched }, onMore }: { group: AlertGroup; onMore: () => void }) {
  return (
    <>
      {items.length < total && (
        <Button variant="default" mt="sm" onClick={onMore}>
          Show {count(Math.min(pageSize, total - items.length), 'older alert')}
        </Button>
      )}
      {unsearched > 0 && (
        <p className="dim">
          Searched the newest {maxSearched.toLocaleString('en')}; {count(unsearched, 'older alert')} not
          searched.
        </p>
      )}
    </>
  );
}

/** Typing goes on: the number follows once it has paused, in milliseconds. */
const pauseMs = 500;

/** Tells screen readers how many alerts a search leaves. */
function useAnnouncedMatches(groups: readonly AlertGroup[] | null, search: string): void {
  const matches = groups?.reduce((sum, { total }) => sum + total, 0);
  useEffect(() => {
    if (search === '' || matches === undefined) return;
    const timer = setTimeout(() => announce(`${count(matches, 'alert')} found`), pauseMs);
    return () => clearTimeout(timer);
  }, [matches, search]);
}
