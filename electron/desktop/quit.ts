import { app } from 'electron';
import { systemClock } from '../engine/clock.ts';

/** A quit that writes for longer than this would hold up the system's shutdown. */
const maxQuitMs = 2000;

/** Holds the quit until what must be finished is, then lets it go on. */
export function stopBeforeQuit(stop: () => Promise<void>): void {
  let isStopped = false;
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    isStopped = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = systemClock.after(maxQuitMs, resolve);
    void Promise.race([stop(), late]).finally(() => {
      cancel();
      app.quit();
    });
  });
}
