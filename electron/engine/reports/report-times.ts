import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ReportSchedule } from '../../../shared/schema/report-schedule.ts';
import { errorCode } from '../error-code.ts';
import type { Log } from '../log.ts';
import { moveKey } from '../move-key.ts';

const entrySchema = z.object({
  /** The times that it follows: others begin from when they were set. */
  plan: z.string(),
  /** From when the next time counts, in milliseconds since the epoch. */
  since: z.number(),
  /** When it was made last. */
  lastAt: z.number().nullable(),
  problem: z.string().nullable(),
});
type Entry = z.infer<typeof entrySchema>;

/** Keeps when each report was made last, across restarts: what was due while NotAfter did not run is made up for once. */
export class ReportTimes {
  readonly #path: string;
  readonly #log: Pick<Log, 'warn'>;
  readonly #entries: Map<string, Entry>;

  constructor(path: string, log: Pick<Log, 'warn'>) {
    this.#path = path;
    this.#log = log;
    this.#entries = read(path);
  }

  /** Returns the times of a report; one that is new counts from now. @param now milliseconds since the epoch */
  of({ name, pattern, timezone }: ReportSchedule, now: number): Entry {
    const plan = `${pattern} ${timezone ?? ''}`;
    const known = this.#entries.get(name);
    // After a clock was set back nothing waits for the time that it was ahead.
    if (known?.plan === plan && known.since <= now) return known;
    const entry = { plan, since: now, lastAt: known?.lastAt ?? null, problem: null };
    this.#entries.set(name, entry);
    this.#write();
    return entry;
  }

  /** Notes that a report was made. @param problem what of it failed, as a sentence; null: nothing */
  made(report: ReportSchedule, now: number, problem: string | null): void {
    this.#entries.set(report.name, { ...this.of(report, now), since: now, lastAt: now, problem });
    this.#write();
  }

  /** Follows a report to its new name. */
  rename(from: string, to: string): void {
    moveKey(this.#entries, from, to);
    this.#write();
  }

  /** Forgets reports that no longer exist. */
  keepOnly(names: readonly string[]): void {
    const gone = [...this.#entries.keys()].filter((name) => !names.includes(name));
    for (const name of gone) this.#entries.delete(name);
    if (gone.length > 0) this.#write();
  }

  #write(): void {
    try {
      writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#entries)), { mode: 0o600 });
    } catch (error) {
      this.#log.warn(`${this.#path} could not be written (${errorCode(error) ?? String(error)})`);
    }
  }
}

function read(path: string): Map<string, Entry> {
  try {
    const kept = z.record(z.string(), entrySchema).parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(Object.entries(kept));
  } catch {
    return new Map(); // There is none yet, or it is damaged: times count from now.
  }
}
