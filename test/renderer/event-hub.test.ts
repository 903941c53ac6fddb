import { describe, expect, it, vi } from 'vitest';
import { EventHub } from '../../renderer/lib/event-hub.ts';
import type { EngineEvent } from '../../shared/schema/event.ts';

const removed = (id: string): EngineEvent => ({ type: 'job-removed', id });

describe('EventHub', () => {
  it('calls those who listen to the type of an event, and no one else', () => {
    const hub = new EventHub();
    const [gone, state] = [vi.fn(), vi.fn()];
    hub.on('job-removed', gone);
    hub.on('state-changed', state);
    hub.emit(removed('a'));
    expect(gone).toHaveBeenCalledExactlyOnceWith(removed('a'));
    expect(state).not.toHaveBeenCalled();
  });

  it('stops calling a listener that has gone, also one that goes while it is called', () => {
    const hub = new EventHub();
    const second = vi.fn();
    const stop = hub.on('job-removed', () => stop());
    hub.on('job-removed', second);
    hub.emit(removed('a'));
    hub.emit(removed('b'));
    expect(second).toHaveBeenCalledTimes(2);
  });

  it('tells of a connection that is back', () => {
    const hub = new EventHub();
    const back = vi.fn();
    const stop = hub.onReconnected(back);
    hub.reconnected();
    stop();
    hub.reconnected();
    expect(back).toHaveBeenCalledTimes(1);
  });
});
