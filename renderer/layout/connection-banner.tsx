import type { Freshness } from '../hosts/use-jobs.ts';
import classes from './connection-banner.module.css';

/** Says on every screen that the connection is lost. It goes by itself, and what is shown is read again. */
export function ConnectionBanner({ freshness }: { freshness: Freshness }) {
  return (
    <div className={classes['place']} role="status">
      {freshness === 'stale' && (
        <p className={classes['banner']}>
          Connection to NotAfter lost. What you see may be out of date. Reconnecting…
        </p>
      )}
    </div>
  );
}
