import { Button } from '@mantine/core';
import type { EngineState } from '../../../shared/schema/event.ts';
import { useApi } from '../../lib/api-context.tsx';
import { shortTime } from '../../lib/dates.ts';
import { reportFailure } from '../../lib/report-failure.ts';
import classes from '../jobs-view.module.css';
import type { Freshness } from '../use-jobs.ts';

interface NoticesProps {
  state: EngineState;
  freshness: Freshness;
}

/** What a person must know of NotAfter itself before believing the list. */
export function Notices({ state: { warning, offlineSince, pause, desktop }, freshness }: NoticesProps) {
  const api = useApi();
  return (
    <>
      {freshness === 'stale' && (
        <p className={classes['notice']} role="status">
          The connection to NotAfter is gone. What you see may be out of date; trying again.
        </p>
      )}
      {warning && (
        <p className={classes['notice']} role="status">
          {warning}
        </p>
      )}
      {offlineSince && (
        <p className={classes['notice']} role="status">
          This machine is offline: nothing that is watched can be reached since{' '}
          {shortTime(new Date(offlineSince))}. No host is blamed, and checks wait until it is back.
        </p>
      )}
      {desktop?.hasTray === false && (
        <p className={classes['notice']} role="status">
          This desktop shows no tray icons, so NotAfter can be seen in this window alone. On GNOME the
          extension “AppIndicator” brings them.
        </p>
      )}
      {desktop && desktop.notifications !== 'shown' && (
        <p className={classes['notice']} role="status">
          {desktop.notifications === 'refused'
            ? 'The system refuses NotAfter’s notifications: allow them in its settings.'
            : 'This system shows no notifications.'}{' '}
          Alerts stand here and in the tray.
        </p>
      )}
      {pause && (
        <div className={classes['notice']} role="status">
          All checks are paused{pause.until ? ` until ${shortTime(new Date(pause.until))}` : ''}.
          <Button
            variant="default"
            onClick={() => void reportFailure(api.jobs.resumeAll({}), 'The checks could not be resumed')}
          >
            Resume
          </Button>
        </div>
      )}
    </>
  );
}
