import { Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import type { Explanation } from '../../shared/schema/explanation.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { liveTitle } from '../../shared/text/live-text.ts';
import { capitalise, count } from '../../shared/text/words.ts';
import { alertMark } from '../alerts/alert-mark.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText, Time } from '../components/time.tsx';
import { useApi, useEngineEvent, useIsLost, useReconnected } from '../lib/api-context.tsx';
import { exactDate, shortTime } from '../lib/dates.ts';
import { Fact } from './fact.tsx';
import classes from './job-detail.module.css';
import { resultKey } from './use-job-detail.ts';
import { offWords, originWords, reminderWords, untilWords, whyAnswer } from './why-words.ts';

interface WhyProps {
  job: JobView;
  now: number;
}

/** Answers, on request, why a person was or was not notified of a host. */
export function WhySection({ job, now }: WhyProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-label="Why was I notified, or not?">
      <h3>
        <button
          type="button"
          className={classes['more']}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          Why was I notified, or not?
        </button>
      </h3>
      {isOpen && <Why job={job} now={now} />}
    </section>
  );
}

function Why({ job, now }: WhyProps) {
  const { explanation, failed } = useExplanation(job);
  const isLost = useIsLost();
  if (failed && !isLost)
    return <p role="alert">Could not load the explanation. Close and open this section to try again.</p>;
  if (!explanation) return <div className={classes['skeleton']} role="status" aria-label="Loading" />;
  const { heldBack, rules, alerts } = explanation;
  const ruled = (name: string) => rules.find(({ rule }) => rule === name);
  const [after, reminders, windows] = ['unreachableMinutes', 'remindEveryDays', 'maintenance'].map(ruled);
  const off = offWords(rules);
  return (
    <Stack gap="xs">
      <p>{whyAnswer(explanation, now)}</p>
      {heldBack.length > 0 && (
        <ul className={classes['alerts']} aria-label="Held back">
          {heldBack.map(({ reason, until }) => (
            <li key={reason}>
              <StatusMark mark="paused" />
              <span>
                <LiveText text={reason} now={now} />
                {until !== null && <small>{untilWords(until)}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <dl className={classes['facts']}>
        <Threshold name="Warning" threshold={explanation.warning} now={now} />
        <Threshold name="Critical" threshold={explanation.critical} now={now} />
        <Renewals renewals={explanation.renewals} />
        {off && <Fact name="Not alerted">{off}</Fact>}
        {after && (
          <Fact name="Unreachable">
            After {count(Number(after.value), 'minute')} <Origin source={after.source} />
          </Fact>
        )}
        {reminders && (
          <Fact name="Reminders">
            {reminderWords(reminders.value)} <Origin source={reminders.source} />
          </Fact>
        )}
        {windows && windows.value !== '0' && (
          <Fact name="Maintenance">
            {count(Number(windows.value), 'window')} <Origin source={windows.source} />
          </Fact>
        )}
      </dl>
      <Notified alerts={alerts} now={now} />
    </Stack>
  );
}

function Origin({ source }: { source: string }) {
  return <span className="dim">({originWords(source)})</span>;
}

function Threshold({
  name,
  threshold: { value, source, at },
  now,
}: {
  name: string;
  threshold: Explanation['warning'];
  now: number;
}) {
  return (
    <Fact name={name}>
      Below {value} <Origin source={source} />
      {at !== null && (
        <>
          <br />
          {Date.parse(at) > now ? 'From ' : 'Since '}
          <Time at={at}>{exactDate(at)}</Time>
        </>
      )}
    </Fact>
  );
}

/** What was learned of the renewals of a host. */
function Renewals({ renewals: { habit, expectedAt, overdueAt } }: Pick<Explanation, 'renewals'>) {
  if (habit === null) return <Fact name="Renewals">None seen yet, so only the thresholds count</Fact>;
  return (
    <Fact name="Renewals">
      {capitalise(habit)}
      {expectedAt !== null && (
        <>
          <br />
          Expected <Time at={expectedAt}>{exactDate(expectedAt)}</Time>
        </>
      )}
      {overdueAt !== null && (
        <>
          <br />
          Overdue from <Time at={overdueAt}>{exactDate(overdueAt)}</Time>
        </>
      )}
    </Fact>
  );
}

/** The newest alerts, each with when people were notified of it. */
function Notified({ alerts, now }: { alerts: Explanation['alerts']; now: number }) {
  if (alerts.length === 0) return <p className="dim">This host has had no alerts.</p>;
  return (
    <ul className={classes['alerts']} aria-label="Notifications">
      {alerts.slice(0, 5).map((alert) => (
        <li key={alert.id}>
          <StatusMark mark={alertMark(alert)} />
          <span>
            {liveTitle(alert, now)}
            <small>
              {alert.notifiedAt === null ? 'Not notified' : `Notified ${shortTime(alert.notifiedAt)}`}
              {alert.resolvedAt !== null &&
                alert.severity !== 'info' &&
                `, resolved ${shortTime(alert.resolvedAt)}`}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Reads the explanation of a host, and again when its result, its alerts or the settings change. */
function useExplanation(job: JobView): { explanation: Explanation | null; failed: boolean } {
  const api = useApi();
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  const { id, revision } = job;
  const key = resultKey(job);
  const follow = ({ alert }: { alert: Alert }) => alert.jobId === id && setRound((before) => before + 1);
  useEngineEvent('alert-changed', follow);
  // Snoozes and waits end with a notification, and a digest may leave out some of its alerts.
  useEngineEvent('alert', follow);
  useEngineEvent('digest', () => setRound((before) => before + 1));
  useEngineEvent('settings-changed', () => setRound((before) => before + 1));
  useReconnected(() => setRound((before) => before + 1));
  useEffect(() => {
    void [key, revision, round]; // A change of these triggers the next read.
    const controller = new AbortController();
    const { signal } = controller;
    api.jobs.explain({ id }, { signal }).then(
      (answer) => {
        setExplanation(answer);
        setFailed(false);
      },
      () => setFailed(!signal.aborted),
    );
    return () => controller.abort();
  }, [api, id, key, revision, round]);
  return { explanation, failed };
}
