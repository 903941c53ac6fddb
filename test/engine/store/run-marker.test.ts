import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RunMarker } from '../../../electron/engine/store/run-marker.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KeptLog, TestEngine } from '../../support/test-engine.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-26T08:00:00Z');
const iso = (time: number) => new Date(time).toISOString();

/** Runs on one folder, each of a computer that was on for so long. */
function place() {
  const folder = temporaryFolder();
  const path = folder.file('running.json');
  const log = new KeptLog();
  const run = (upMs: number, boot: string | null = null) =>
    new RunMarker({ path, log, uptimeMs: () => upMs, bootId: () => boot });
  return { folder, path, log, run, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe('a run of NotAfter', () => {
  it('is interrupted by nothing where it is the first, or the one before was ended', () => {
    using all = place();
    const first = all.run(hour);
    expect(first.begin(start)).toBeNull();
    first.sign(start + 20 * minute);
    first.end();
    expect(existsSync(all.path)).toBe(false);
    expect(all.run(2 * hour).begin(start + hour)).toBeNull();
    expect(all.log.lines).toEqual([]);
  });

  it('was killed where it left its marker, after its last sign of life', () => {
    using all = place();
    const first = all.run(hour);
    first.begin(start);
    for (let at = start; at <= start + 47 * minute; at += minute) first.sign(at);
    expect(all.run(3 * hour).begin(start + 2 * hour)).toEqual({
      cause: 'killed',
      lastAliveAt: iso(start + 45 * minute),
      resumedAt: iso(start + 2 * hour),
    });
  });

  it('writes its sign of life every five minutes, and not more often', () => {
    using all = place();
    const run = all.run(hour);
    run.begin(start);
    run.sign(start + 4 * minute);
    expect(statSync(all.path).mtimeMs).toBe(start);
    run.sign(start + 5 * minute);
    expect(statSync(all.path).mtimeMs).toBe(start + 5 * minute);
  });

  it('was cut off by the computer where that has been on for less time than since its last sign', () => {
    using all = place();
    all.run(hour).begin(start);
    expect(all.run(10 * minute).begin(start + 2 * hour)).toMatchObject({ cause: 'restart' });
  });

  it('is told apart by the id of the computer’s start where there is one, whatever the clock says after a power cut', () => {
    using all = place();
    // The clock was lost and not set by the network yet: less has passed by it than the computer has been on.
    all.run(hour, 'a').begin(start);
    expect(all.run(10 * minute, 'b').begin(start + minute)).toMatchObject({ cause: 'restart' });
    // The clock was set forward by hours while it ran.
    expect(all.run(10 * minute, 'b').begin(start + 9 * hour)).toMatchObject({ cause: 'killed' });
  });

  it('that begins after an interrupted one is a run of its own: once it is ended, nothing is told again', () => {
    using all = place();
    all.run(hour).begin(start);
    const second = all.run(hour);
    expect(second.begin(start + hour)).not.toBeNull();
    second.end();
    expect(all.run(hour).begin(start + 2 * hour)).toBeNull();
  });

  it('is not interrupted by a kill once a stop has begun', () => {
    using all = place();
    const first = all.run(hour);
    first.begin(start);
    first.end();
    first.sign(start + hour); // A tick on the way out.
    expect(all.run(hour).begin(start + hour)).toBeNull();
  });

  it('keeps the notice of an interrupted run for a start that succeeds', () => {
    using all = place();
    all.run(hour).begin(start);
    all.run(hour).end(); // It never began: the port was taken.
    expect(all.run(hour).begin(start + hour)).not.toBeNull();
  });

  it('never ends after now, nor before it began, whatever the clock was', () => {
    using all = place();
    const first = all.run(hour);
    first.begin(start);
    expect(all.run(hour).begin(start - hour)).toMatchObject({ lastAliveAt: iso(start - hour) });
    writeFileSync(all.path, JSON.stringify({ startedAt: iso(start) }));
    // A backup tool has set its time.
    expect(all.run(hour).begin(start + 5 * minute)).toMatchObject({ cause: 'killed' });
  });

  it.each(['', '{', '[]', '{"startedAt": 5}', '\0\0\0\0'])('is not told of by a marker of %j', (text) => {
    using all = place();
    writeFileSync(all.path, text);
    expect(all.run(hour).begin(start)).toBeNull();
    expect(all.log.lines).toEqual([expect.stringContaining('cannot be read')]);
    expect(JSON.parse(readFileSync(all.path, 'utf8'))).toEqual({ startedAt: iso(start) });
  });

  it('goes on where the disk takes no marker', () => {
    using all = place();
    mkdirSync(all.path); // Nothing can be written there.
    const run = all.run(hour);
    expect(run.begin(start)).toBeNull();
    run.sign(start + hour);
    run.end();
    expect(all.log.lines.join('\n')).toMatch(/could not be written \(EISDIR\)/);
    rmSync(all.path, { recursive: true, force: true });
  });
});

describe('an engine', () => {
  it('has a notice after an interrupted run until it is dismissed, and none after an orderly end', async () => {
    const now = Date.parse('2026-11-26T10:00:00Z');
    await using test = new TestEngine({
      now,
      prepare: (folder) =>
        writeFileSync(`${folder}/running.json`, JSON.stringify({ startedAt: iso(now - 2 * hour) })),
    });
    test.engine.start();
    const { interruption } = test.engine.status.state;
    expect(interruption).toMatchObject({ resumedAt: iso(now) });
    expect(test.log.lines.join('\n')).toMatch(/Nothing was checked until 26 November 2026 at 10:00 UTC/);
    test.engine.status.setInterruption(null);
    expect(test.events.at(-1)).toMatchObject({ type: 'state-changed', state: { interruption: null } });
    await test.restart(hour);
    expect(test.engine.status.state.interruption).toBeNull();
  });
});
