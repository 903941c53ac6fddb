import { describe, expect, it } from 'vitest';
import { emptySnapshot, LiveJobs } from '../../renderer/hosts/live-jobs.ts';
import type { EngineEvent } from '../../shared/schema/event.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2027-01-01T00:00:00Z');
const changed = (host: string, days: number): EngineEvent => ({
  type: 'job-changed',
  job: jobView(host, days, now),
});
const hosts = (live: LiveJobs) => live.snapshot().jobs.map(({ id }) => id);

describe('LiveJobs', () => {
  it('begins empty, and with a service that is well', () => {
    expect(new LiveJobs().snapshot()).toEqual(emptySnapshot);
    expect(new LiveJobs().isEmpty).toBe(true);
  });

  it('adds, changes and removes jobs by events, in the order in which they came', () => {
    const live = new LiveJobs();
    live.replaceAll([jobView('a', 10, now), jobView('b', 20, now)]);
    expect([changed('c', 30), changed('a', 5)].map((event) => live.apply(event))).toEqual([true, true]);
    expect(hosts(live)).toEqual(['a', 'b', 'c']);
    expect(live.snapshot().jobs[0]).toEqual(jobView('a', 5, now));
    expect(live.apply({ type: 'job-removed', id: 'b' })).toBe(true);
    expect(hosts(live)).toEqual(['a', 'c']);
  });

  it('forgets what was deleted while the connection was lost', () => {
    const live = new LiveJobs();
    live.replaceAll([jobView('a', 10, now), jobView('b', 20, now)]);
    live.replaceAll([jobView('b', 20, now)]);
    expect(hosts(live)).toEqual(['b']);
  });

  it('keeps the state, and of a status answer nothing else', () => {
    const live = new LiveJobs();
    const state = {
      warning: 'The disk is full.',
      offlineSince: null,
      pause: null,
      quietUntil: null,
      desktop: null,
      interruption: null,
      failingChannels: [],
    };
    live.setState({ ...state, ...{ version: '1' } });
    expect(live.snapshot().state).toEqual(state);
    expect(live.apply({ type: 'state-changed', state: emptySnapshot.state })).toBe(true);
    expect(live.snapshot().state).toEqual(emptySnapshot.state);
  });

  it('keeps how far checks are, in the numbers of the engine', () => {
    const live = new LiveJobs();
    live.setChecks({ done: 0, running: 10, waiting: 89, runningIds: [] });
    expect(live.snapshot().checks).toEqual({ done: 0, running: 10, waiting: 89, runningIds: [] });
    const checks = { done: 1, running: 10, waiting: 88, runningIds: ['a'] };
    expect(live.apply({ type: 'checks-changed', checks })).toBe(true);
    expect(live.snapshot().checks).toEqual(checks);
  });

  it('counts every event about alerts: a snooze may end with one alert, or with several in a digest', () => {
    const live = new LiveJobs();
    const types = ['alert', 'digest', 'alert-changed'] as const;
    expect(types.map((type) => live.apply({ type } as EngineEvent))).toEqual([true, true, true]);
    expect(live.snapshot().alertsHeard).toBe(types.length);
  });

  it('has nothing new to show for other events', () => {
    const live = new LiveJobs();
    expect(live.apply({ type: 'settings-changed' } as EngineEvent)).toBe(false);
    expect(live.snapshot()).toEqual(emptySnapshot);
  });
});
