import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ChannelDispatcher, type LocalHook } from '../../electron/engine/channels/dispatcher.ts';
import { testMessage } from '../../electron/engine/channels/message.ts';
import { Outbox } from '../../electron/engine/channels/outbox.ts';
import { sendToCommand } from '../../electron/engine/channels/senders.ts';
import { EventJournal } from '../../electron/engine/events/event-journal.ts';
import { memoryDatabase } from '../../electron/engine/store/database.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KeptLog } from '../support/test-engine.ts';
import { unwatchedHealth } from '../support/unwatched-health.ts';

const { signal } = new AbortController();

/** A dispatcher with one message for each channel in its outbox. */
function dispatch(local: LocalHook[], tryWrite = <Value>(work: () => Value): Value | null => work()) {
  const database = memoryDatabase();
  const outbox = new Outbox(database);
  const clock = new ManualClock(0);
  const log = new KeptLog();
  for (const { name } of local)
    outbox.add({ hook: name, key: name, title: 'title', payload: JSON.stringify(testMessage(0)) }, 0);
  const dispatcher = new ChannelDispatcher({
    clock,
    log,
    health: unwatchedHealth(clock),
    storage: { outbox, tryWrite },
    rules: { settings: { channels: [] } },
    sender: { send: async () => ({ ok: true }) },
    local,
    jobs: { get: () => undefined },
    journal: new EventJournal('test'),
    network: { isOffline: () => false, isLocal: () => true },
  });
  const left = () => outbox.list({ limit: 9, offset: 0 }).items;
  return { dispatcher, clock, log, left, database };
}

describe('a channel that throws (finding 4)', () => {
  it.each([
    [
      'at once',
      () => {
        throw new TypeError('a fault');
      },
    ],
    [
      'later',
      async () => {
        throw new TypeError('a fault');
      },
    ],
    ['for a NUL in the command', sendToCommand('/bin/tr\0ue', [])],
    ['for a NUL in an argument', sendToCommand('/bin/true', ['\0'])],
  ] satisfies [string, LocalHook['send']][])(
    '%s is a failed delivery that waits for its pause',
    async (_, send) => {
      let calls = 0;
      const counted: LocalHook['send'] = (...given) => {
        calls += 1;
        return send(...given);
      };
      const { dispatcher, clock, left } = dispatch([{ name: 'broken', send: counted }]);
      dispatcher.start();
      await expect.poll(left).toMatchObject([{ attempts: 1, nextAttemptAt: new Date(10_000).toISOString() }]);
      expect(calls).toBe(1);
      clock.advance(9_999);
      expect(calls).toBe(1);
      clock.advance(1);
      await expect.poll(left).toMatchObject([{ attempts: 2 }]);
      await dispatcher.stop();
    },
  );

  it('holds up no other channel', async () => {
    const told: string[] = [];
    const { dispatcher, left } = dispatch([
      {
        name: 'broken',
        send: () => {
          throw new Error('a fault');
        },
      },
      {
        name: 'sound',
        send: async ({ title }) => {
          told.push(title);
          return { ok: true };
        },
      },
    ]);
    dispatcher.start();
    await expect.poll(() => left().map(({ hook }) => hook)).toEqual(['broken']);
    expect(told).toHaveLength(1);
    await dispatcher.stop();
  });

  it('sends nothing again where the outcome cannot be stored', async () => {
    let calls = 0;
    let isFull = false;
    const { dispatcher, clock, left } = dispatch(
      [
        {
          name: 'ops',
          send: async () => {
            calls += 1;
            isFull = calls === 1;
            return { ok: true };
          },
        },
      ],
      (work) => (isFull ? null : work()),
    );
    dispatcher.start();
    await expect.poll(() => clock.pending).toBe(1);
    expect(calls).toBe(1);
    isFull = false;
    clock.advance(60_000);
    await expect.poll(left).toEqual([]);
    expect(calls).toBe(1);
    await dispatcher.stop();
  });
});

describe('a command (finding 4)', () => {
  it('is told of what has a NUL in it, or is very long', async () => {
    using folder = temporaryFolder();
    const script = folder.file('hook.sh');
    writeFileSync(
      script,
      '#!/bin/sh\ncat > "$1"\nprintf %s "$NOTAFTER_TITLE" > "$1.title"\nprintf %s "$NOTAFTER_BODY" > "$1.body"\n',
    );
    chmodSync(script, 0o700);
    const message = { ...testMessage(0), title: 'a\0b', body: 'ü'.repeat(1_000_000) };
    expect(await sendToCommand(script, [folder.file('out')])(message, signal)).toEqual({ ok: true });
    expect(readFileSync(folder.file('out.title'), 'utf8')).toBe('ab');
    expect(readFileSync(folder.file('out.body'), 'utf8')).toBe('ü'.repeat(16_000));
    expect(JSON.parse(readFileSync(folder.file('out'), 'utf8'))).toEqual(message);
  });
});
