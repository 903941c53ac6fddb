import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { needsPerson } from '../../shared/domain/job-urgency.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count } from '../../shared/text/words.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import views from '../components/view.module.css';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { alertSubject, useLaterSubjects } from '../lib/later-subjects.ts';
import { AcknowledgeAll } from './acknowledge-all.tsx';
import { AlertRow } from './alert-row.tsx';
import classes from './alerts.module.css';
import { useAlertFocus } from './use-alert-focus.ts';
import { useAlerts } from './use-alerts.ts';

interface AlertsViewProps {
  /** Increases with every event about an alert. */
  alertsHeard: number;
  jobs: readonly JobView[];
  now: number;
  actions: HostActions;
}

const pageSize = 100;

/** Lists open alerts, and all alerts on request. */
export function AlertsView({ alertsHeard, jobs, now, actions }: AlertsViewProps) {
  const [shows, setShows] = useState<'open' | 'all'>('open');
  const [limit, setLimit] = useState(pageSize);
  const read = useAlerts(shows === 'open', limit, alertsHeard);
  const later = useLaterSubjects();
  const { failure } = read;
  // What is being acknowledged is no longer open, though it can be undone for a while.
  const isLeft = ({ id }: Alert) => shows === 'all' || !later.has(alertSubject(id));
  const items = read.items?.filter(isLeft) ?? null;
  const total = shows === 'open' ? Math.max(0, read.total - later.size) : read.total;
  const needy = useMemo(() => jobs.filter(needsPerson).length, [jobs]);
  const known = useMemo(() => new Map(jobs.map((job) => [job.id, job])), [jobs]);
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const focus = useAlertFocus(list, heading, items?.map(({ id }) => id) ?? []);
  return (
    <main className={views['view']}>
      <div className={classes['head']}>
        <h2 ref={heading} tabIndex={-1}>
          Alerts
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="Which alerts"
          value={shows}
          onChange={(value) => setShows(value === 'all' ? 'all' : 'open')}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'all', label: 'All' },
          ]}
        />
        {shows === 'open' && total > 1 && <AcknowledgeAll total={total} />}
      </div>
      <ReadOutcome isRead={items !== null} failure={failure} what="Loading alerts" />
      {items?.length === 0 && (
        <p className="dim">
          {shows === 'open'
            ? 'No open alerts. Alerts stay here until resolved or acknowledged.'
            : 'No alerts yet. Alerts appear here when NotAfter finds a problem.'}
        </p>
      )}
      {shows === 'open' && items?.length === 0 && needy > 0 && (
        <p>
          <a className={classes['needy']} href="#/?status=needy">
            {count(needy, 'host')} still {needy === 1 ? 'needs' : 'need'} attention
          </a>
        </p>
      )}
      <ul className={classes['list']} ref={list}>
        {items?.map((alert) => (
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
      {items && items.length < total && (
        <Button variant="default" mt="sm" onClick={() => setLimit(limit + pageSize)}>
          Show {count(total - items.length, 'older alert')}
        </Button>
      )}
    </main>
  );
}
