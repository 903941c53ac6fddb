import { Button, Menu } from '@mantine/core';
import { type Alert, isOpen, snoozeEnd, snoozeLengths, snoozeWords } from '../../shared/schema/alert.ts';
import { capitalise, relative } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { useApi } from '../lib/api-context.tsx';
import { exactTime, shortTime } from '../lib/dates.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { alertMark } from './alert-mark.ts';
import classes from './alerts.module.css';

interface AlertRowProps {
  alert: Alert;
  /** Whether its job is still there to be shown. */
  isKnown: boolean;
  now: number;
}

/** One alert: what it says, how it stands, and what to do with it. */
export function AlertRow({ alert, isKnown, now }: AlertRowProps) {
  const api = useApi();
  const { id, jobId, title, body, raisedAt } = alert;
  return (
    <li className={classes['row']} data-over={!isOpen(alert) || undefined}>
      <StatusMark mark={alertMark(alert)} size={18} />
      <div className={classes['words']}>
        {isKnown ? <a href={`#/jobs/${jobId}`}>{title}</a> : <span>{title}</span>}
        <p className="dim">{body}</p>
        <p className={classes['state']}>{stateOf(alert, now)}</p>
      </div>
      <time dateTime={raisedAt} title={exactTime(raisedAt)}>
        {relative(Date.parse(raisedAt), Math.max(now, Date.parse(raisedAt) + 1))}
      </time>
      {isOpen(alert) && (
        <div className={classes['actions']}>
          <Button
            variant="default"
            aria-label={`Acknowledge: ${title}`}
            onClick={() =>
              void reportFailure(api.alerts.acknowledge({ ids: [id] }), 'It could not be acknowledged')
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
                      'It could not be snoozed',
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

/** How an alert stands, for a person; empty where it stands as it was said. */
function stateOf(
  { severity, notifiedAt, resolvedAt, acknowledgedAt, snoozedUntil }: Alert,
  now: number,
): string {
  if (severity === 'info') return '';
  if (resolvedAt !== null)
    return `Over ${relative(Date.parse(resolvedAt), Math.max(now, Date.parse(resolvedAt) + 1))}`;
  if (acknowledgedAt !== null) return `Acknowledged ${shortTime(new Date(acknowledgedAt))}`;
  if (snoozedUntil === 'renewed') return 'Snoozed until renewed';
  if (snoozedUntil !== null) return `Snoozed until ${shortTime(new Date(snoozedUntil))}`;
  return notifiedAt === null ? 'Waits to be said' : '';
}
