import { describe, expect, it } from 'vitest';
import { AllowedHours } from '../../../../electron/engine/discovery/saved/allowed-hours.ts';
import { nextRunAt } from '../../../../electron/engine/discovery/saved/next-run.ts';
import { hoursBegin, hoursText, readHours } from '../../../../shared/schema/time-window.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { fastSearch, searchesNow, searching, serveRenewable } from '../../../support/saved-searches.ts';

const hourMs = 3_600_000;
const at = (time: string) => Date.parse(time);
const night = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };

describe('the hours of a search', () => {
  it.each([
    ['22:00-06:00', { from: '22:00', to: '06:00' }],
    [' 9:30 – 17:00 ', { from: '09:30', to: '17:00' }],
    ['22:00', null],
    ['22:00-06:00-07:00', null],
    ['24:00-06:00', null],
    ['night', null],
  ])('are read as they are written: %s', (text, hours) => {
    expect(readHours(text)).toEqual(hours);
    if (hours)
      expect(readHours(hoursText(hours), 'Europe/Berlin')).toEqual({ ...hours, timezone: 'Europe/Berlin' });
  });

  it.each([
    // Winter time (UTC+1), and the day on which clocks skip 02:00 to 03:00 (RFC 5545 §3.3.5: 02:30 is taken for 03:30).
    [night, '2026-11-24T10:00:00Z', '2026-11-24T21:00:00Z'],
    [night, '2026-11-24T21:00:00Z', '2026-11-25T21:00:00Z'],
    [{ ...night, from: '02:30' }, '2027-03-27T23:30:00Z', '2027-03-28T01:30:00Z'],
    [{ ...night, timezone: 'Asia/Tokyo' }, '2026-11-24T13:00:01Z', '2026-11-25T13:00:00Z'],
  ])('%o begin after %s at %s', (hours, now, begin) => {
    expect(new Date(hoursBegin(hours, at(now))).toISOString()).toBe(new Date(begin).toISOString());
  });

  it('put a time of the schedule off until they begin, and one that was missed too', () => {
    const search = {
      ...{ id: 'a', createdAt: '2026-11-23T10:00:00Z', hours: night },
      schedule: { type: 'interval', minutes: 60 } as const,
    };
    const next = (lastAt: string, now: string) => nextRunAt(search, at(lastAt), at(now)) ?? 0;
    expect(next('2026-11-24T08:00:00Z', '2026-11-24T08:30:00Z')).toBe(at('2026-11-24T21:00:00Z'));
    expect(next('2026-11-23T08:00:00Z', '2026-11-24T08:30:00Z')).toBe(at('2026-11-24T21:00:00Z'));
    const within = next('2026-11-24T22:00:00Z', '2026-11-24T22:30:00Z');
    expect(within).toBeGreaterThanOrEqual(at('2026-11-24T23:00:00Z'));
    expect(within).toBeLessThan(at('2026-11-25T00:00:00Z'));
  });

  it('are judged again where the clock was set back', () => {
    const clock = new ManualClock('2026-11-24T22:00:00Z');
    const hours = new AllowedHours(() => night, clock);
    expect(hours.isOpen).toBe(true);
    clock.set('2026-11-24T12:00:00Z');
    expect(hours.isOpen).toBe(false);
    clock.set('2026-11-25T04:59:59Z');
    expect(hours.isOpen).toBe(true);
    clock.advance(1_000);
    expect(hours.isOpen).toBe(false);
  });

  it('hold a run over a restart, which shows it as running once they have begun', async () => {
    await using on = searching();
    const hours = { from: '12:00', to: '13:00', timezone: 'UTC' };
    const limits = { ...fastSearch, perSecond: 1 };
    const { id } = await on.add({ name: 'noon', targets: ['127.26.7.0/24'], ports: '9443', hours, limits });
    const { discoveries } = on.test.engine;
    const resting = on.test.next(
      'discovery-changed',
      ({ discovery }) => discovery.lastRun?.state === 'resting',
    );
    discoveries.run(id);
    await resting;
    const running = on.test.next(
      'discovery-changed',
      ({ discovery }) => (discovery.lastRun?.progress.planned ?? 0) > 0,
    );
    await on.test.restart(2.5 * hourMs);
    expect((await running).discovery.lastRun).toMatchObject({ state: 'running', endedAt: null });
  });

  it('hold a run that a person starts outside of them, which then goes on by itself', async () => {
    await using on = searching();
    const one = await serveRenewable('127.26.6.2', 'one.test');
    const hours = { from: '12:00', to: '13:00', timezone: 'UTC' };
    const { id } = await on.add({ name: 'noon', targets: [`127.26.6.2:${one.port}`], hours });
    const resting = on.test.next(
      'discovery-changed',
      ({ discovery }) => discovery.lastRun?.state === 'resting',
    );
    const ended = on.test.next('discovery-ended');
    on.test.engine.discoveries.run(id);
    await resting;
    expect(new Date(searchesNow).toISOString()).toContain('T10:00');
    expect(one.listening.connections).toBe(0);
    on.test.clock.advance(2 * hourMs);
    expect(await ended).toMatchObject({ run: { state: 'done', new: 1 } });
    await one.listening.close();
  });

  it('wake a run when they are edited, and hold one that runs', async () => {
    await using on = searching();
    const { discoveries } = on.test.engine;
    const later = { from: '12:00', to: '13:00', timezone: 'UTC' };
    const limits = { ...fastSearch, perSecond: 1 };
    const { id } = await on.add({
      ...{ name: 'noon', targets: ['127.26.8.0/24'], ports: '9443' },
      ...{ hours: later, limits },
    });
    const reaches = (state: string) =>
      on.test.next('discovery-changed', ({ discovery }) => discovery.lastRun?.state === state);
    const resting = reaches('resting');
    discoveries.run(id);
    await resting;
    const running = reaches('running');
    await discoveries.edit(id, { hours: null });
    await running;
    const restingAgain = reaches('resting');
    await discoveries.edit(id, { hours: later });
    await restingAgain;
  });

  it('let others run meanwhile, and a run that they wake waits until fewer than four run', async () => {
    await using on = searching();
    const { discoveries } = on.test.engine;
    const later = { from: '12:00', to: '13:00', timezone: 'UTC' };
    const limits = { ...fastSearch, perSecond: 1 };
    const add = async (name: string, hours: typeof later | null) =>
      (await on.add({ name, targets: ['127.26.9.0/24'], ports: '9443', hours, limits })).id;
    const stateOf = (id: string) => discoveries.get(id)?.lastRun?.state;
    const nightly: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) nightly.push(await add(name, later));
    for (const id of nightly) discoveries.run(id);
    expect(nightly.map(stateOf)).toEqual(nightly.map(() => 'resting'));
    const now: string[] = [];
    for (const name of ['f', 'g', 'h', 'i', 'j']) now.push(await add(name, null));
    for (const id of now.slice(0, 4)) discoveries.run(id);
    expect(now.slice(0, 4).map(stateOf)).toEqual(['running', 'running', 'running', 'running']);
    expect(() => discoveries.run(now[4] ?? '')).toThrow('At most 4 searches run at once.');
    const woken = on.test.next(
      'discovery-changed',
      ({ discovery }) => nightly.includes(discovery.id) && discovery.lastRun?.state === 'running',
    );
    for (const id of nightly) await discoveries.edit(id, { hours: null });
    expect(nightly.map(stateOf)).toEqual(nightly.map(() => 'resting'));
    await discoveries.stopRun(now[0] ?? '');
    await woken;
    expect([...nightly, ...now].filter((id) => stateOf(id) === 'running')).toHaveLength(4);
  });
});
