import { Button } from '@mantine/core';
import { isQuiet } from '../../../shared/domain/pause.ts';
import type { EngineState } from '../../../shared/schema/event.ts';
import { interruptionWords } from '../../../shared/text/interruption.ts';
import { useApi } from '../../lib/api-context.tsx';
import { shortTime } from '../../lib/dates.ts';
import { reportFailure } from '../../lib/report-failure.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from '../jobs-view.module.css';

interface NoticesProps {
  state: EngineState;
}

/** Shows what you must know about NotAfter itself before you trust the list. */
export function Notices({ state }: NoticesProps) {
  const { warning, offlineSince, pause, quietUntil, desktop, interruption, failingChannels } = state;
  const api = useApi();
  const now = useNow();
  return (
    <>
      {warning && (
        <p className={classes['notice']} role="status">
          {warning}
        </p>
      )}
      {interruption && (
        <div className={classes['notice']} role="status">
          <span>{interruptionWords(interruption, shortTime)}</span>
          <Button
            variant="default"
            onClick={() => void reportFailure(api.dismissInterruption(), 'Could not dismiss the notice')}
          >
            Dismiss
          </Button>
        </div>
      )}
      {offlineSince && (
        <div className={classes['notice']} role="status">
          <span>
            None of your remote hosts answer since {shortTime(offlineSince)}. Is the network or VPN down?
            Checks resume automatically.
          </span>
          <Button
            variant="default"
            onClick={() => void reportFailure(api.jobs.checkAll(), 'Could not start the checks')}
          >
            Try now
          </Button>
        </div>
      )}
      {failingChannels.map(({ name, since }) => (
        <p className={classes['notice']} role="status" key={name}>
          <span>
            The channel {name} has taken no alerts since {shortTime(since)}. NotAfter keeps trying.{' '}
            <a href="#/settings/channels">Check its settings</a>
          </span>
        </p>
      ))}
      {desktop?.hasTray === false && (
        <p className={classes['notice']} role="status">
          This desktop shows no tray icons. Keep this window, or on GNOME install the extension
          “AppIndicator”.
        </p>
      )}
      {desktop && desktop.notifications !== 'shown' && (
        <p className={classes['notice']} role="status">
          {desktop.notifications === 'refused'
            ? 'The system blocks notifications from NotAfter. Allow them in the system settings.'
            : 'This system does not support notifications.'}{' '}
          Until then, alerts appear here and in the tray.
        </p>
      )}
      {pause && (
        <div className={classes['notice']} role="status">
          All checks are paused{pause.until ? ` until ${shortTime(pause.until)}` : ''}.
          <Button
            variant="default"
            onClick={() => void reportFailure(api.jobs.resumeAll({}), 'Could not resume the checks')}
          >
            Resume
          </Button>
        </div>
      )}
      {isQuiet(quietUntil, now) && (
        <div className={classes['notice']} role="status">
          Only critical alerts notify you until {shortTime(quietUntil)}.
          <Button
            variant="default"
            onClick={() => void reportFailure(api.settings.edit({ quietUntil: null }), 'Could not end quiet')}
          >
            End quiet
          </Button>
        </div>
      )}
    </>
  );
}
