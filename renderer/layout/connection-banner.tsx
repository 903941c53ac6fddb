import { useState } from 'react';
import type { Freshness } from '../hosts/use-jobs.ts';
import { clockTime } from '../lib/dates.ts';
import classes from './connection-banner.module.css';

/** Says on every screen that the connection is lost, and since when. It goes by itself, and what is shown is read again. */
export function ConnectionBanner({ freshness }: { freshness: Freshness }) {
  const [lostAt, setLostAt] = useState<number | null>(null);
  const isLost = freshness === 'stale';
  if (isLost !== (lostAt !== null)) setLostAt(isLost ? Date.now() : null);
  return (
    <div className={classes['place']} role="status">
      {lostAt !== null && (
        <p className={classes['banner']}>
          <b>Connection to NotAfter lost at {clockTime(lostAt)}.</b> What you see is from then. Reconnecting…
        </p>
      )}
    </div>
  );
}
