import { ActionIcon, Button, Menu } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { pauseLengths, pauseRequest, pauseWords } from '../../shared/domain/pause.ts';
import { describeRenewals } from '../../shared/domain/renewals.ts';
import { isCounted } from '../../shared/domain/severity.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { describeSchedule } from '../../shared/schema/schedule.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { formatTarget, isFileTarget } from '../../shared/schema/target.ts';
import { liveTitle } from '../../shared/text/live-text.ts';
import { relative } from '../../shared/text/words.ts';
import { alertMark } from '../alerts/alert-mark.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText, Time } from '../components/time.tsx';
import { narrowWidth } from '../hosts/list/table-layout.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { useApi } from '../lib/api-context.tsx';
import { shortTime } from '../lib/dates.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { CertificateFacts } from './certificate-facts.tsx';
import { CertificateHistory } from './certificate-history.tsx';
import { CertificateNotes } from './certificate-notes.tsx';
import { ChainList } from './chain-list.tsx';
import { copyLeaf, saveChain } from './export-chain.ts';
import classes from './job-detail.module.css';
import { useJobDetail } from './use-job-detail.ts';
import { ValidityBar } from './validity-bar.tsx';

interface JobDetailPaneProps {
  job: JobView;
  now: number;
  onClose: () => void;
  actions: HostActions;
}

/** Shows one host: what is wrong and what to do, then the certificate. */
export function JobDetailPane({ job, now, actions, onClose }: JobDetailPaneProps) {
  const { result, certificates, trend, alerts } = useJobDetail(job);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A pane that covers the list takes the focus.
    if (window.innerWidth <= narrowWidth) title.current?.focus();
  }, []);
  return (
    <aside className={classes['pane']} aria-label={`Certificate of ${jobName(job)}`}>
      <button type="button" className={classes['back']} onClick={onClose}>
        ← All hosts
      </button>
      <div>
        <h2 ref={title} tabIndex={-1}>
          {jobName(job)}
        </h2>
        <p className="dim">
          {job.name && `${formatTarget(job.target)} · `}
          {howRead(job)} · {job.paused ? pausedWords(job) : describeSchedule(job.schedule)}
        </p>
      </div>
      <Problems job={job} result={result} now={now} overdue={overdueWords(job, certificates, now)} />
      <Actions job={job} actions={actions} onClose={onClose} />
      {result?.certificate && (
        <>
          <ValidityBar certificate={result.certificate} problems={result.problems} now={now} />
          <CertificateFacts result={result} />
          <CertificateNotes problems={result.problems} />
          <ChainList chain={result.chain} problems={result.problems} now={now} />
        </>
      )}
      {trend.length >= minForChart && (
        <Suspense fallback={null}>
          <TrendCharts trend={trend} certificates={certificates} />
        </Suspense>
      )}
      <CertificateHistory certificates={certificates} />
      <Alerts alerts={alerts} now={now} />
      <Times job={job} now={now} />
      {job.notes && (
        <section>
          <h3>Notes</h3>
          <p className={classes['notes']}>{job.notes}</p>
        </section>
      )}
    </aside>
  );
}

/** Loaded for a host with history. */
const TrendCharts = lazy(() => import('./trend-charts.tsx'));
const minForChart = 3;

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

function howRead({ target }: JobView): string {
  if (isFileTarget(target)) return 'Certificate file';
  return target.starttls ? `${target.starttls.toUpperCase()} with STARTTLS` : 'TLS';
}

function pausedWords({ pausedUntil }: JobView): string {
  return pausedUntil ? `paused until ${shortTime(new Date(pausedUntil))}` : 'paused';
}

/** Describes earlier renewals if this one is overdue; null otherwise. */
function overdueWords({ lastCheck }: JobView, certificates: readonly Sighting[], now: number): string | null {
  const overdueAt = lastCheck?.renewalOverdueAt;
  const habit = describeRenewals(certificates);
  if (!overdueAt || !habit || Date.parse(overdueAt) > now) return null;
  return `Renewal is overdue: it was ${habit}.`;
}

interface ProblemsProps {
  job: JobView;
  result: CheckResult | null;
  now: number;
  overdue: string | null;
}

function Problems({ job, result, now, overdue }: ProblemsProps) {
  if (!job.lastCheck)
    return <p role="status">{job.checking ? 'The first check is running.' : 'Not checked yet.'}</p>;
  if (!result) return null;
  const problems = result.problems.filter(isCounted);
  if (problems.length === 0) {
    return (
      <div className={classes['fine']}>
        <StatusMark mark="ok" size={18} label="" />
        <p>
          <b>No problems found.</b>
        </p>
      </div>
    );
  }
  return (
    <ul className={classes['problems']} aria-label="Problems">
      {problems.map(({ code, severity, message, remedy }) => {
        const mark = code === 'unreachable' ? 'unreachable' : severity;
        return (
          <li key={code} data-mark={mark}>
            <StatusMark mark={mark} size={18} />
            <div>
              <p>
                <b>
                  <LiveText text={message} now={now} />
                </b>
              </p>
              {code === 'expiring' && overdue && <small>{overdue}</small>}
              <small>{remedy}</small>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

type ActionsProps = Omit<JobDetailPaneProps, 'now'>;

function Actions({ job, actions, onClose }: ActionsProps) {
  const api = useApi();
  const { id } = job;
  const address = addressOf(job);
  return (
    <div className={classes['actions']}>
      <Button
        variant="default"
        loading={job.checking}
        onClick={() => void reportFailure(api.jobs.check({ id }), `Could not check ${jobName(job)}`)}
      >
        Check now
      </Button>
      <Button variant="default" onClick={() => actions.edit(job)}>
        Edit
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More actions">
            ⋯
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {job.paused ? (
            <Menu.Item onClick={() => void reportFailure(api.jobs.resume({ id }), 'Could not resume')}>
              Resume
            </Menu.Item>
          ) : (
            pauseLengths.map((length) => (
              <Menu.Item
                key={length}
                onClick={() =>
                  void reportFailure(
                    api.jobs.pause({ id, ...pauseRequest(length, Date.now()) }),
                    'Could not pause',
                  )
                }
              >
                Pause {pauseWords[length]}
              </Menu.Item>
            ))
          )}
          <Menu.Divider />
          {address && (
            <Menu.Item component="a" href={address} target="_blank" rel="noopener noreferrer">
              Open in browser
            </Menu.Item>
          )}
          <Menu.Item disabled={!job.lastCheck?.validTo} onClick={() => void copyLeaf(api, job)}>
            Copy PEM
          </Menu.Item>
          <Menu.Item disabled={!job.lastCheck?.validTo} onClick={() => void saveChain(api, job)}>
            Save chain as PEM
          </Menu.Item>
          <Menu.Item onClick={onClose}>Close</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => actions.remove([job])}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Returns the address for a browser; null for STARTTLS and files. */
function addressOf({ target }: JobView): string | null {
  if (isFileTarget(target) || target.starttls) return null;
  return `https://${formatTarget(target)}/`;
}

function Times({ job: { lastCheck, nextDueAt, tags }, now }: { job: JobView; now: number }) {
  return (
    <dl className={classes['facts']}>
      {lastCheck && (
        <>
          <dt>Last check</dt>
          <dd>
            <Time at={lastCheck.checkedAt}>
              {relative(Date.parse(lastCheck.checkedAt), Math.max(now, Date.parse(lastCheck.checkedAt) + 1))}
            </Time>
          </dd>
        </>
      )}
      {nextDueAt && (
        <>
          <dt>Next check</dt>
          <dd>
            <Time at={nextDueAt}>
              {Date.parse(nextDueAt) <= now ? 'now' : relative(Date.parse(nextDueAt), now)}
            </Time>
          </dd>
        </>
      )}
      {tags.length > 0 && (
        <>
          <dt>Tags</dt>
          <dd>{tags.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
