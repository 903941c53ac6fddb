import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifier } from '../../../electron/desktop/notifications/notifier.ts';
import type { Engine } from '../../../electron/engine/engine.ts';
import type { Alert, Digest } from '../../../shared/schema/alert.ts';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import type { Interruption } from '../../../shared/schema/interruption.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import { recorded } from '../../electron-stand-in/shell-parts.ts';
import { KeptLog } from '../../support/test-engine.ts';

// The stand-in’s notifications take Electron’s place: they are kept, and can be clicked.
vi.mock('electron', () => import('../../electron-stand-in/shell-parts.ts'));

const alert = (id: number, more: Partial<Alert> = {}): Alert => ({
  id,
  jobId: 'a',
  key: 'expiry:AB',
  raisedAt: '2026-11-24T10:00:00Z',
  kind: 'expiring',
  severity: 'critical',
  title: `a.example alert ${id}`,
  body: 'What and by when.',
  notifiedAt: '2026-11-24T10:00:02Z',
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
  ...more,
});
const over = { resolvedAt: '2026-11-24T11:00:00Z' };
const digest = (alerts: Alert[], isUpdate = false): Digest => ({
  alerts,
  isUpdate,
  title: `${alerts.length} hosts need you`,
  body: 'Many.',
});

/** A notifier on an engine that says what it is told to. */
function desk(settings: Partial<Settings> = {}, interruption?: Interruption) {
  const events = new EventEmitter<{ event: [EngineEvent] }>();
  const engine = {
    settings: { current: { notifications: true, sound: false, ...settings } },
    now: () => Date.parse('2026-11-24T10:00:00Z'),
    status: { state: { interruption: interruption ?? null } },
    alerts: { snooze: vi.fn() },
    checks: { checkNow: vi.fn(async () => null) },
    events: {
      subscribe: (listener: (event: EngineEvent) => void) => {
        events.on('event', listener);
        return () => events.off('event', listener);
      },
    },
  };
  const open = vi.fn();
  const onFailed = vi.fn();
  const notifier = new Notifier({
    // SAFETY: holds for what the notifier asks of it.
    engine: engine as unknown as Engine,
    log: new KeptLog(),
    open,
    onFailed,
  });
  /** Notices of alerts come at the end of the turn. */
  const hear = async (...heard: EngineEvent[]) => {
    for (const event of heard) events.emit('event', event);
    await Promise.resolve();
  };
  return { engine, open, onFailed, notifier, hear };
}

const shown = () => recorded.notifications.filter(({ isShown }) => isShown).map(({ title }) => title);
const last = () => {
  const found = recorded.notifications.at(-1);
  if (!found) throw new Error('Nothing was shown.');
  return found;
};
const say = (...alerts: Alert[]): EngineEvent[] => alerts.map((one) => ({ type: 'alert', alert: one }));

beforeEach(() => {
  recorded.notifications.length = 0;
});

describe('Notifier', () => {
  it('shows what and by when, silently, with what can be done', async () => {
    const { hear } = desk();
    await hear(...say(alert(1)));
    expect(last()).toMatchObject({
      title: 'a.example alert 1',
      body: 'What and by when.',
      silent: true,
      actions: [{ text: 'Snooze for a day' }, { text: 'Check again' }],
    });
  });
  it('sounds where that is wished, and never for good news', async () => {
    const { hear } = desk({ sound: true });
    await hear(...say(alert(1)));
    expect(last().silent).toBe(false);
    await hear(
      { type: 'alert-changed', alert: alert(1, over) },
      ...say(alert(2, { severity: 'info', kind: 'recovered' })),
    );
    expect(last()).toMatchObject({ silent: true, actions: [] });
  });
  it('shows one for a host with two alerts: the worst, and that there is more', async () => {
    const { hear } = desk();
    await hear(...say(alert(1, { severity: 'warning', kind: 'problem' }), alert(2)));
    expect(recorded.notifications).toHaveLength(1);
    expect(last()).toMatchObject({
      title: 'a.example alert 2',
      body: 'What and by when. One more thing is the matter.',
    });
  });
  it('replaces rather than stacks, host by host', async () => {
    const { hear } = desk();
    await hear(...say(alert(1, { severity: 'warning' })));
    await hear(
      { type: 'alert-changed', alert: alert(1, { severity: 'warning', ...over }) },
      ...say(alert(2)),
    );
    await hear(...say(alert(3, { jobId: 'b' })));
    expect(shown()).toEqual(['a.example alert 2', 'a.example alert 3']);
  });
  it.each<[string, Partial<Alert>]>([
    ['is no longer true', over],
    ['was acknowledged', { acknowledgedAt: '2026-11-24T11:00:00Z' }],
    ['was snoozed', { snoozedUntil: 'renewed' }],
  ])('closes what %s', async (_what, change) => {
    const { hear } = desk();
    await hear(...say(alert(1)));
    await hear({ type: 'alert-changed', alert: alert(1, change) });
    expect(shown()).toEqual([]);
  });
  it('leaves what is about something else of the host', async () => {
    const { hear } = desk();
    await hear(...say(alert(1, { severity: 'warning' }), alert(2)));
    await hear({ type: 'alert-changed', alert: alert(1, { severity: 'warning', ...over }) });
    expect(shown()).toEqual(['a.example alert 2']);
  });
  it('closes when what it is about above all is over, though something else of the host is not', async () => {
    const { hear } = desk();
    await hear(...say(alert(1, { severity: 'warning' }), alert(2)));
    await hear({ type: 'alert-changed', alert: alert(2, over) });
    expect(shown()).toEqual([]);
  });
  it('shows one digest in place of its alerts, lets it grow, and closes it when all are over', async () => {
    const { hear } = desk();
    const [first, second] = [alert(1), alert(2, { jobId: 'b' })];
    await hear(...say(first));
    await hear({ type: 'digest', digest: digest([first, second]) });
    await hear({ type: 'digest', digest: digest([first, second, alert(3, { jobId: 'c' })], true) });
    expect(shown()).toEqual(['3 hosts need you']);
    await hear({ type: 'alert-changed', alert: { ...first, ...over } });
    expect(shown()).toEqual(['3 hosts need you']);
    for (const one of [second, alert(3, { jobId: 'c' })])
      await hear({ type: 'alert-changed', alert: { ...one, ...over } });
    expect(shown()).toEqual([]);
  });
  it('opens the job, and the alerts from a digest', async () => {
    const { hear, open } = desk();
    await hear(...say(alert(1)));
    last().emit('click');
    await hear({ type: 'digest', digest: digest([alert(1), alert(2)]) });
    last().emit('click');
    expect(open.mock.calls).toEqual([['#/jobs/a'], ['#/alerts']]);
  });
  it('snoozes everything that it is about, and checks again', async () => {
    const { hear, engine } = desk();
    await hear(...say(alert(1, { severity: 'warning' }), alert(2)));
    last().emit('action', { actionIndex: 0, selectionIndex: -1 });
    expect(engine.alerts.snooze.mock.calls).toEqual([
      [1, '2026-11-25T10:00:00.000Z'],
      [2, '2026-11-25T10:00:00.000Z'],
    ]);
    last().emit('action', { actionIndex: 1, selectionIndex: -1 });
    expect(engine.checks.checkNow).toHaveBeenCalledWith('a');
  });
  it('goes with its job', async () => {
    const { hear } = desk();
    await hear(...say(alert(1)));
    await hear({ type: 'job-removed', id: 'a' });
    expect(shown()).toEqual([]);
  });
  it('says once that this machine is offline, and takes it back', async () => {
    const { hear } = desk();
    const state = {
      warning: null,
      offlineSince: '2026-11-24T10:00:00Z',
      pause: null,
      quietUntil: null,
      desktop: null,
      interruption: null,
      failingChannels: [],
    };
    await hear({ type: 'state-changed', state }, { type: 'state-changed', state });
    expect(recorded.notifications).toHaveLength(1);
    expect(shown()).toEqual(['This machine is offline']);
    await hear({ type: 'state-changed', state: { ...state, offlineSince: null } });
    expect(shown()).toEqual([]);
  });
  it('says that the run before was killed, and nothing where the computer was turned off', () => {
    const times = { lastAliveAt: '2026-11-24T08:00:00Z', resumedAt: '2026-11-24T10:00:00Z' };
    desk({}, { cause: 'restart', ...times }).notifier.tellOfInterruption();
    desk().notifier.tellOfInterruption();
    expect(recorded.notifications).toEqual([]);
    desk({}, { cause: 'killed', ...times }).notifier.tellOfInterruption();
    expect(last()).toMatchObject({
      title: 'NotAfter did not end properly',
      body: 'NotAfter crashed or was killed, after 24 November 2026 at 08:00 UTC. Nothing was checked until 24 November 2026 at 10:00 UTC.',
      silent: true,
    });
  });
  it('says where the system refused one', async () => {
    const { hear, onFailed } = desk();
    await hear(...say(alert(1)));
    last().emit('failed', {}, 'settings forbid it');
    expect(onFailed).toHaveBeenCalledWith('settings forbid it');
  });
  it('shows none where they are turned off, and none after it was closed', async () => {
    const off = desk({ notifications: false });
    await off.hear(...say(alert(1)));
    const { hear, notifier } = desk();
    await hear(...say(alert(2)));
    notifier.close();
    await hear(...say(alert(3)));
    expect(recorded.notifications.map(({ title }) => title)).toEqual(['a.example alert 2']);
    expect(shown()).toEqual([]);
  });
});
