import { Button } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { Checks } from '../../shared/schema/event.ts';
import { announce } from '../lib/announce.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { checksWords, nextAnnouncement } from './checks-words.ts';
import classes from './running-checks.module.css';

/** Says how many checks are done, run and wait, in the engine's numbers, and stops them. Shows nothing while none runs. */
export const RunningChecks = memo(function Running({ checks }: { checks: Checks }) {
  const api = useApi();
  const isStopped = useRef(false);
  useAnnouncedProgress(checks, isStopped);
  const { done, running, waiting } = checks;
  if (running + waiting === 0) return null;
  const total = done + running + waiting;
  const words = checksWords(checks);
  const share = (part: number) => ({ width: `${(100 * part) / total}%` });
  const stop = async () => {
    isStopped.current = true;
    isStopped.current = await reportFailure(api.jobs.stopChecks(), 'Could not stop the checks');
  };
  return (
    <span className={classes['progress']}>
      <span
        className={classes['bar']}
        role="progressbar"
        aria-label="Checks"
        aria-valuetext={words}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span data-part="done" style={share(done)} />
        <span data-part="running" style={share(running)} />
      </span>
      <span className={classes['words']}>{words}</span>
      <Button variant="subtle" size="compact-xs" aria-label="Stop the checks" onClick={() => void stop()}>
        Stop
      </Button>
    </span>
  );
});

/** Announces checks of which some have to wait, now and then. */
function useAnnouncedProgress(checks: Checks, isStopped: React.RefObject<boolean>): void {
  const announced = useRef<number | null>(null);
  useEffect(() => {
    const next = nextAnnouncement(checks, announced.current, isStopped.current);
    announced.current = next.announced;
    if (checks.running + checks.waiting === 0) isStopped.current = false;
    if (next.words !== null) announce(next.words);
  }, [checks, isStopped]);
}
