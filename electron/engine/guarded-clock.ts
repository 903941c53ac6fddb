import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** What failed in a timer is tried again after so long, unless its owner has taken it back or set another. */
const faultPauseMs = 60_000;

/**
 * Returns a clock whose timers end nothing: what one throws or rejects with is logged with its stack, and it is called again a
 * minute later. Every part of the engine gets this one, so that a fault in one part stops neither that part nor another.
 */
export function guardClock(clock: Clock, log: Log): Clock {
  return {
    now: () => clock.now(),
    passed: () => clock.passed(),
    after(delayMs, callback) {
      let isCancelled = false;
      let cancel = (): void => undefined;
      const onFault = (error: unknown) => {
        log.error('a timer failed by a fault in NotAfter; it is tried again in a minute', error);
        if (!isCancelled) cancel = clock.after(faultPauseMs, fire);
      };
      const fire = () => {
        try {
          const outcome: unknown = callback();
          if (outcome instanceof Promise) outcome.catch(onFault);
        } catch (error) {
          onFault(error);
        }
      };
      cancel = clock.after(delayMs, fire);
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}
