import { Button, Menu } from '@mantine/core';
import { type Alert, isOpen, snoozeEnd, snoozeLengths, snoozeWords } from '../../shared/schema/alert.ts';
import { liveTitle } from '../../shared/text/live-text.ts';
import { capitalise, relative } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText, Time } from '../components/time.tsx';
import { useApi } from '../lib/api-context.tsx';
import { shortTime } from '../lib/dates.ts';
import { runLater } from '../lib/later-steps.ts';
import { alertSubject, useLaterSubjects } from '../lib/later-subjects.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { alertMark } from './alert-mark.ts';
import classes from './alerts.module.css';

interface AlertRowProps {
  alert: Alert;
  /** Whether its host still exists. */
  isKnown: boolean;
  now: number;
}

/** Shows one alert with its state and actions. */
export function AlertRow({ alert, isKnown, now }: AlertRowProps) {
  const api = useApi();
  const { id, jobId, body, raisedAt } = alert;
  const title = liveTitle(alert, now);
  const later = useLaterSubjects();
  const isSettling = later.has(alertSubject(id));
  return (
    <li className={classes['row']} data-over={!isOpen(alert) || undefined}>
      <StatusMark mark={alertMark(alert)} size={18} />
      <div className={classes['words']}>
        {isKnown ? <a href={`#/jobs/${jobId}`}>{title}</a> : <span>{title}</span>}
        <p className="dim">
          <LiveText text={body} now={now} />
        </p>
        <p className={classes['state']}>{stateOf(alert, now)}</p>
      </div>
      <Time at={raisedAt} note="Raised">
        {relative(Date.parse(raisedAt), Math.max(now, Date.parse(raisedAt) + 1))}
      </Time>
      {isOpen(alert) && isSettling && <span className="dim">Acknowledged</span>}
      {isOpen(alert) && !isSettling && (
        <div className={classes['actions']}>
          <Button
            variant="default"
            aria-label={`Acknowledge: ${title}`}
            onClick={() =>
              runLater({
                subjects: [alertSubject(id)],
                message: 'Alert acknowledged',
                label: `Undo acknowledging: ${title}`,
                run: () => api.alerts.acknowledge({ ids: [id] }),
                failure: 'Could not acknowledge the alert',
              })
            }
          >
            Acknowledge
          </Button>
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button variant="default" aria-label={`Snooze: ${title}`}>
                Snooze ▾
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {snoozeLengths.map((length) => (
                <Menu.Item
                  key={length}
                  onClick={() =>
                    void reportFailure(
                      api.alerts.snooze({ id, until: snoozeEnd(length, Date.now()) }),
                      'Could not snooze the alert',
                    )
                  }
                >
                  {capitalise(snoozeWords[length])}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </li>
  );
}

/** Describes the state of an alert; empty for one that is open and was notified. */
function stateOf(
  { severity, notifiedAt, resolvedAt, acknowledgedAt, snoozedUntil }: Alert,
  now: number,
): string {
  if (severity === 'info') return '';
  if (resolvedAt !== null)
    return `Resolved ${relative(Date.parse(resolvedAt), Math.max(now, Date.parse(resolvedAt) + 1))}`;
  if (acknowledgedAt !== null) return `Acknowledged ${shortTime(new Date(acknowledgedAt))}`;
  if (snoozedUntil === 'renewed') return 'Snoozed until renewed';
  if (snoozedUntil !== null) return `Snoozed until ${shortTime(new Date(snoozedUntil))}`;
  return notifiedAt === null ? 'Notification pending' : '';
}
