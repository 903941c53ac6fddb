import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/alert.ts';
import type { JobView } from '../../shared/job.ts';
import { relative } from '../../shared/words.ts';
import type { Api } from '../api.ts';
import { exactTime } from '../components/dates.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { sentenceOf } from '../components/tell.ts';
import classes from '../components/view.module.css';
import { alertMark } from './alert-mark.ts';

interface AlertsViewProps {
  api: Api;
  /** Grows with every alert, so that the list is read again. */
  alertsHeard: number;
  jobs: readonly JobView[];
  now: number;
}

const shown = 200;

/** What was said, the newest first. */
export function AlertsView({ api, alertsHeard, jobs, now }: AlertsViewProps) {
  const [alerts, setAlerts] = useState<Alert[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    void alertsHeard; // Its change is the reason to read again.
    const controller = new AbortController();
    api.alerts.list({ limit: shown }, { signal: controller.signal }).then(
      ({ items }) => {
        setAlerts(items);
        setFailure(null);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setFailure(sentenceOf(error));
      },
    );
    return () => controller.abort();
  }, [api, alertsHeard]);
  const known = new Set(jobs.map(({ id }) => id));
  return (
    <main className={classes['view']}>
      <h2>Alerts</h2>
      {failure && <p role="alert">{failure}</p>}
      {alerts?.length === 0 && (
        <p className="dim">Nothing had to be said yet. Warnings stand here when they come.</p>
      )}
      <ul className={classes['list']}>
        {alerts?.map(({ id, jobId, kind, severity, title, body, raisedAt }) => (
          <li key={id}>
            <StatusMark mark={alertMark({ kind, severity })} size={18} />
            <div>
              {known.has(jobId) ? <a href={`#/jobs/${jobId}`}>{title}</a> : title}
              <p className="dim">{body}</p>
            </div>
            <time dateTime={raisedAt} title={exactTime(raisedAt)}>
              {relative(Date.parse(raisedAt), Math.max(now, Date.parse(raisedAt) + 1))}
            </time>
          </li>
        ))}
      </ul>
    </main>
  );
}
