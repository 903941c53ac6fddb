import { Button, Menu } from '@mantine/core';
import { type Alert, isOpen, snoozeEnd, snoozeLengths, snoozeWords } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { liveTitle } from '../../shared/text/live-text.ts';
import { capitalise, relative } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText, Time } from '../components/time.tsx';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { useApi } from '../lib/api-context.tsx';
import { shortTime } from '../lib/dates.ts';
import { runLater } from '../lib/later-steps.ts';
import { alertSubject, useLaterSubjects } from '../lib/later-subjects.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { alertMark } from './alert-mark.ts';
import classes from './alerts.module.css';

interface AlertRowProps {
  alert: Alert;
  /** Its host; undefined: it was deleted. */
  job: JobView | undefined;
  now: number;
  /** Whether its link and actions are what Tab stops at. */
  isActive: boolean;
  actions: HostActions;
  onFocus: (id: number) => void;
  onBlur: () => void;
}

/** Shows one alert with its state and actions. */
export function AlertRow({ alert, job, now, isActive, actions, onFocus, onBlur }: AlertRowProps) {
  const api = useApi();
  const { id, jobId, body, raisedAt } = alert;
  const title = liveTitle(alert, now);
  const later = useLaterSubjects();
  const isSettling = later.has(alertSubject(id));
  const tabIndex = isActive ? 0 : -1;
  const code = problemOf(alert);
  return (
    <li
      className={classes['row']}
      data-alert={id}
      data-over={!isOpen(alert) || undefined}
      onFocus={() => onFocus(id)}
      onBlur={onBlur}
    >
      <StatusMark mark={alertMark(alert)} size={18} />
      <div className={classes['words']}>
        {job ? (
          <a href={`#/jobs/${jobId}`} data-title tabIndex={tabIndex}>
            {title}
          </a>
        ) : (
          <span data-title tabIndex={tabIndex}>
            {title}
          </span>
        )}
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
            data-action="acknowledge"
            data-key={isActive ? 'K' : undefined}
            tabIndex={tabIndex}
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
              <Button
                variant="default"
                data-action="snooze"
                data-key={isActive ? 'S' : undefined}
                tabIndex={tabIndex}
                aria-label={`Snooze: ${title}`}
              >
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
          {job && code !== null && (
            <Button
              variant="default"
              data-action="accept"
              data-key={isActive ? 'A' : undefined}
              tabIndex={tabIndex}
              aria-label={`Accept: ${title}`}
              onClick={() => actions.accept([job], code)}
            >
              Accept…
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** Returns the code of the problem that an alert is about; null: of none, as of a change of the certificate. */
function problemOf({ kind, key }: Alert): string | null {
  switch (kind) {
    case 'problem':
      return key.replace(/^problem:/, '');
    case 'expired':
    case 'unreachable':
      return kind;
    case 'expiring':
    case 'renewal-overdue':
      return 'expiring';
    default:
      return null;
  }
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
