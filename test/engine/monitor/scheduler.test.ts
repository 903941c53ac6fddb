import { describe, expect, it } from 'vitest';
import { Scheduler } from '../../../electron/engine/monitor/scheduler.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const minute = 60_000;

function schedulerAt(start = '2026-11-24T10:00:00Z') {
  const clock = new ManualClock(start);
  const due: string[] = [];
  const scheduler = new Scheduler(clock, {
    onDue: (id) => due.push(id),
    onJump: () => due.push('jump'),
    onSetBack: () => due.push('set back'),
  });
  return { clock, due, scheduler };
}

describe('Scheduler', () => {
  it('says each job when it is due, in order, with one timer', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.set('later', clock.now() + 3 * minute);
    scheduler.set('sooner', clock.now() + minute);
    scheduler.start();
    expect(clock.pending).toBe(1);
    clock.advance(minute - 1);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual(['sooner']);
    clock.advance(5 * minute);
    expect(due).toEqual(['sooner', 'later']);
    expect(clock.pending).toBe(1);
  });
  it('says what is overdue at once when it starts', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.set('missed', clock.now() - 9 * 60 * minute);
    expect(due).toEqual([]);
    scheduler.start();
    clock.advance(0);
    expect(due).toEqual(['missed']);
  });
  it('follows a due time that moves, and forgets one that is deleted', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    scheduler.set('moved', clock.now() + minute);
    scheduler.set('deleted', clock.now() + minute);
    scheduler.set('moved', clock.now() + 10 * minute);
    scheduler.delete('deleted');
    clock.advance(9 * minute);
    expect(due).toEqual([]);
    clock.advance(minute);
    expect(due).toEqual(['moved']);
  });
  it('waits for times farther away than a timer can', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    scheduler.set('next year', clock.now() + 400 * 24 * 60 * minute);
    clock.advance(399 * 24 * 60 * minute);
    expect(due).toEqual([]);
    clock.advance(24 * 60 * minute);
    expect(due).toEqual(['next year']);
  });
  it('notices after sleep that something fell due', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    scheduler.set('job', clock.now() + 30 * minute);
    clock.set(clock.now() + 9 * 60 * minute);
    scheduler.wake();
    clock.advance(0);
    expect(due).toEqual(['jump', 'job']);
  });
  it('notices within a minute that the clock was set, forward or back, whatever is due', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    clock.set(clock.now() - 60 * minute);
    clock.advance(minute);
    clock.set(clock.now() + 60 * minute);
    clock.advance(minute);
    clock.advance(9 * 60 * minute);
    expect(due).toEqual(['set back', 'jump']);
  });
  it('hands out what falls due together in portions', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    for (let index = 0; index < 1000; index += 1) scheduler.set(`job ${index}`, clock.now() + minute);
    let most = 0;
    const after = clock.after;
    clock.after = (delay, callback) => {
      return after.call(clock, delay, () => {
        const before = due.length;
        callback();
        most = Math.max(most, due.length - before);
      });
    };
    scheduler.wake();
    clock.advance(minute);
    expect(due).toHaveLength(1000);
    expect(most).toBeLessThanOrEqual(100);
  });
  it('says nothing once stopped, and leaves no timer', () => {
    const { clock, due, scheduler } = schedulerAt();
    scheduler.start();
    scheduler.set('job', clock.now() + minute);
    scheduler.stop();
    expect(clock.pending).toBe(0);
    clock.advance(10 * minute);
    expect(due).toEqual([]);
  });
});
