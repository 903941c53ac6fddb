import { lazy, Suspense, useEffect, useRef } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { liveTitle } from '../../shared/text/live-text.ts';
import { relative } from '../../shared/text/words.ts';
import { alertMark } from '../alerts/alert-mark.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { Time } from '../components/time.tsx';
import { narrowWidth } from '../hosts/list/table-layout.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { CertificateSection } from './certificate-facts.tsx';
import { CertificateHistory } from './certificate-history.tsx';
import { CertificateNotes } from './certificate-notes.tsx';
import { ChainList } from './chain-list.tsx';
import { ConnectionSection } from './connection-facts.tsx';
import { DaysLeft } from './days-left.tsx';
import { HostHeader } from './host-header.tsx';
import { HostProblems } from './host-problems.tsx';
import classes from './job-detail.module.css';
import { NotesText } from './notes-text.tsx';
import { Pane } from './pane.tsx';
import { PaneResizer } from './pane-resizer.tsx';
import { useJobDetail } from './use-job-detail.ts';

interface JobDetailPaneProps {
  job: JobView;
  now: number;
  actions: HostActions;
  onClose: () => void;
}

/** Shows one host: what is wrong and what to do, how long is left, who vouches, the facts, the past. */
export function JobDetailPane({ job, now, actions, onClose }: JobDetailPaneProps) {
  const { result, certificates, trend, alerts, rules } = useJobDetail(job);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A page that covers the list takes the focus.
    if (window.innerWidth <= narrowWidth) title.current?.focus();
  }, []);
  return (
    <Pane label={`Certificate of ${jobName(job)}`}>
      <PaneResizer />
      <HostHeader job={job} now={now} actions={actions} onClose={onClose} title={title} />
      {job.notes && <NotesText notes={job.notes} />}
      <HostProblems job={job} result={result} certificates={certificates} now={now} actions={actions} />
      {result?.certificate && (
        <>
          <DaysLeft
            certificate={result.certificate}
            first={result.earliestExpiry}
            thresholds={rules?.thresholds ?? null}
            renewalAt={job.lastCheck?.expectedRenewalAt ?? null}
            now={now}
          />
          <ChainList result={result} now={now} />
          <CertificateSection result={result} />
          <CertificateNotes problems={result.problems} />
        </>
      )}
      <ConnectionSection job={job} result={result} rules={rules} now={now} />
      <CertificateHistory jobId={job.id} certificates={certificates} />
      {trend.length >= minForChart && (
        <Suspense fallback={null}>
          <TrendCharts trend={trend} certificates={certificates} thresholds={rules?.thresholds ?? null} />
        </Suspense>
      )}
      <Alerts alerts={alerts} now={now} />
      {job.lastCheck && <WhySection key={job.id} job={job} now={now} />}
    </Pane>
  );
}

/** Loaded for a host with history. */
const TrendCharts = lazy(() => import('./trend-charts.tsx'));
const minForChart = 3;
const WhySection = lazyComponent(async () => (await import('./why-section.tsx')).WhySection);

function Alerts({ alerts, now }: { alerts: readonly Alert[]; now: number }) {
  if (alerts.length === 0) return null;
  return (
    <section>
      <h3>Alerts</h3>
      <ul className={classes['alerts']}>
        {alerts.map(({ id, kind, severity, title, body, raisedAt }) => (
          <li key={id}>
            <StatusMark mark={alertMark({ kind, severity })} />
            <span>
              {liveTitle({ title, body }, now)}
              <small>
                <Time at={raisedAt} note="Raised">
                  {relative(Date.parse(raisedAt), Math.max(now, Date.parse(raisedAt) + 1))}
                </Time>
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
