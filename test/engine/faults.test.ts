import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { guardClock } from '../../electron/engine/guarded-clock.ts';
import { Scheduler } from '../../electron/engine/monitor/scheduler.ts';
import { Verifier } from '../../electron/engine/verify/verifier.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { KeptLog, TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';

afterEach(() => vi.restoreAllMocks());

describe('a fault in a timer', () => {
  it('is logged, and the timer is tried again in a minute', () => {
    const [clock, log] = [new ManualClock(), new KeptLog()];
    const calls: number[] = [];
    guardClock(clock, log).after(1000, () => {
      calls.push(clock.passed());
      if (calls.length < 3) throw new TypeError('broken');
    });
    clock.advance(10 * 60_000);
    expect(calls).toEqual([1000, 61_000, 121_000]);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toMatch(/^error a timer failed.*TypeError: broken/);
  });

  it('is logged where the work goes on later, too', async () => {
    const [clock, log] = [new ManualClock(), new KeptLog()];
    guardClock(clock, log).after(0, () => Promise.reject(new TypeError('broken later')));
    clock.advance(1);
    await expect.poll(() => log.lines.join()).toMatch(/broken later/);
    expect(clock.pending).toBe(1);
  });

  it('is not tried again once its owner has taken it back', () => {
    const clock = new ManualClock();
    const cancel = guardClock(clock, new KeptLog()).after(0, () => {
      throw new TypeError('broken');
    });
    clock.advance(1);
    cancel();
    expect(clock.pending).toBe(0);
  });

  it('of one due job keeps no other from its time, and the job stays on the schedule', () => {
    const [clock, log] = [new ManualClock(), new KeptLog()];
    const due: string[] = [];
    let isBroken = true;
    const scheduler = new Scheduler(guardClock(clock, log), {
      onDue(id) {
        if (id === 'broken' && isBroken) throw new TypeError('broken');
        due.push(id);
      },
    });
    scheduler.start();
    for (const id of ['first', 'broken', 'last']) scheduler.set(id, clock.now() + 1000);
    clock.advance(2000);
    expect(due.toSorted()).toEqual(['first', 'last']);
    isBroken = false;
    clock.advance(120_000);
    expect(due).toContain('broken');
    scheduler.stop();
  });
});

describe('a fault in a check', () => {
  it('is a result with its reason, the log has the fault, and the job is checked again at its time', async () => {
    await using test = new TestEngine();
    const leaf = test.ca.issue({ sans: ['localhost'] });
    await using server = await serveTls(leaf, [test.ca]);
    test.engine.start();
    const verify = vi.spyOn(Verifier.prototype, 'verify').mockRejectedValueOnce(new TypeError('a bug'));
    const first = test.next('check-finished');
    const schedule = { type: 'interval', minutes: 10 };
    const target = { host: 'localhost', port: server.port };
    await test.engine.jobs.add(jobInputSchema.parse({ target, schedule }));
    test.clock.advance(1);
    expect((await first).job).toMatchObject({
      status: 'unreachable',
      lastCheck: { problems: [{ message: 'The check failed by a fault in NotAfter: TypeError: a bug.' }] },
    });
    expect(
      test.log.lines.filter((line) => /^error the check of localhost.*TypeError: a bug/.test(line)),
    ).toHaveLength(1);
    verify.mockRestore();
    const second = test.next('check-finished');
    test.clock.advance(15 * 60_000);
    expect((await second).job.status).toBe('ok');
  });
});

it('has no timer in the engine but those of its clock and of a check, which ends by itself', () => {
  const root = join(import.meta.dirname, '../../electron/engine');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const withTimers = files.filter((file) =>
    /\bset(Timeout|Interval)\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(withTimers.map((file) => file.replaceAll('\\', '/')).toSorted()).toEqual(allowed);
  // The engine's parts get the guarded clock alone.
  const composition = readFileSync(join(root, 'engine.ts'), 'utf8');
  expect(composition.match(/options\.clock\b(?!\.now\(\))/g)).toHaveLength(1);
  expect(composition).toMatch(/guardClock\(options\.clock, log\)/);
});

/** Deadlines and watches that reject a promise, waits that their signal ends, and writes that report their own fault: none can throw. */
const allowed = [
  'clock.ts',
  'discovery/dns/dns-connection.ts',
  'file-log.ts',
  'file-sources/entry-reader.ts',
  'file-sources/source-scan.ts',
  'monitor/network.ts',
  'probe/deadline.ts',
  'probe/quiet-watch.ts',
  'probe/race.ts',
  'probe/read-once.ts',
  'probe/starttls.ts',
  'probe/what-it-speaks.ts',
  'store/history.ts',
];
