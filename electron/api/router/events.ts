import { withEventMeta } from '@orpc/server';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Recorded } from '../../engine/events/event-journal.ts';

/** A listener that falls this far behind is disconnected; it reads the list again when it reconnects. */
const maxUnread = 20_000;

/**
 * Events from now on, or after the one that a listener has heard last, until one of the signals aborts. Where what it
 * missed is no longer known, it gets `missed` first.
 */
export async function* follow(
  engine: Engine,
  lastEventId: string | undefined,
  signals: readonly (AbortSignal | undefined)[],
): AsyncGenerator<EngineEvent, void, undefined> {
  const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
  const missed = lastEventId === undefined ? [] : engine.events.after(lastEventId);
  let unread: Recorded[] = missed ?? [];
  let wake = Promise.withResolvers<void>();
  const unsubscribe = engine.events.follow((recorded) => {
    unread.push(recorded);
    wake.resolve();
  });
  const onAbort = () => wake.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (missed === null) yield { type: 'missed' };
    while (!signal.aborted && unread.length <= maxUnread) {
      const events = unread;
      unread = [];
      for (const { id, event } of events) yield withEventMeta({ ...event }, { id });
      if (unread.length > 0) continue;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
