import { nextPointAt, nextStageAt } from '../../../../shared/domain/expiry.ts';
import { sooner } from '../../../../shared/domain/sooner.ts';
import type { AlertSeverity } from '../../../../shared/schema/alert.ts';
import { inheritedRules, resolveRules } from '../../../../shared/schema/alert-rules.ts';
import { parseTarget } from '../../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import type { Clock } from '../../clock.ts';
import type { AlertEvent } from '../../events/event-journal.ts';
import { memoryDatabase } from '../../store/database.ts';
import { AlertStore } from '../alert-store.ts';
import { Alerter } from '../alerter.ts';
import type { AlertJob } from '../alerter-options.ts';
import type { Observation } from '../observation.ts';
import type { Entry, PlaySettings } from './history-file.ts';

/** A notification that would have been sent. */
export interface SimulatedNotification {
  /** Milliseconds since the epoch. */
  at: number;
  /** `update`: a digest that was sent before has grown. */
  type: 'alert' | 'digest' | 'update';
  severity: AlertSeverity;
  title: string;
  body: string;
}

/** What follows the last result is waited for so long: the end of quiet hours, above all. */
const afterwardsMs = 86_400_000;

/**
 * Plays a history through the policy: the same code that warns people, on a clock that goes from result to result, with a
 * database that lives as long as the call.
 */
export function playThrough(entries: readonly Entry[]): SimulatedNotification[] {
  const sent: SimulatedNotification[] = [];
  const stage = new Stage((what) => sent.push(what), { ages: true });
  for (const entry of entries) stage.play(entry);
  stage.finish();
  return sent;
}

/**
 * Where a history is played: an alerter on a simulated clock. With `ages`, certificates cross their thresholds between results, too,
 * as they do for the engine (`expiry-watch.ts`).
 */
export class Stage {
  readonly #clock = new PlaybackClock();
  readonly #jobs = new Map<string, AlertJob>();
  readonly #database = memoryDatabase();
  readonly #send: (notification: SimulatedNotification) => void;
  readonly #ages: boolean;
  readonly #last = new Map<string, Observation>();
  /** The last certificate that each host showed. */
  readonly #leaves = new Map<string, NonNullable<Observation['leaf']>>();
  readonly #checkedAt = new Map<string, number>();
  /** What ends the wait for the next crossing of each host. */
  readonly #crossings = new Map<string, () => void>();
  /** What holds now, as the history says. */
  settings: PlaySettings = {
    thresholds: defaultThresholds,
    alerts: inheritedRules,
    tagRules: [],
    quietHours: null,
    quietUntil: null,
  };
  alerter: Alerter;
  #rulesVersion = 1;

  constructor(send: (notification: SimulatedNotification) => void, { ages = false } = {}) {
    this.#send = send;
    this.#ages = ages;
    this.alerter = this.#open();
  }

  /** The alerts that are kept. */
  get log(): AlertStore {
    return new AlertStore(this.#database);
  }

  play(entry: Entry): void {
    switch (entry.type) {
      case 'settings':
        this.settings = entry.settings;
        if (this.#clock.hasBegun) this.alerter.wake();
        return;
      case 'job':
        this.#jobs.set(entry.host, { ...this.#jobOf(entry.host), ...entry.job });
        return;
      case 'result':
        this.goTo(entry.observation.at);
        this.#checkedAt.set(entry.host, entry.observation.at);
        this.#observe(entry.host, entry.observation);
    }
  }

  #observe(host: string, observation: Observation): void {
    const job = this.#jobOf(host);
    this.#last.set(host, observation);
    this.alerter.observe(job, observation);
    this.#crossings.get(host)?.();
    this.#crossings.delete(host);
    // The certificate of a host that is out of reach ages, too.
    const leaf = observation.leaf ?? this.#leaves.get(host);
    if (!this.#ages || !leaf) return;
    this.#leaves.set(host, leaf);
    const now = this.#clock.now();
    const { thresholds, alerts } = resolveRules(job, this.settings);
    const next = sooner(nextStageAt(leaf, thresholds, now), nextPointAt(leaf, alerts.notifyAt, now));
    if (next === null) return;
    this.#crossings.set(
      host,
      this.#clock.after(next - now, () => this.#lookAgain(host)),
    );
  }

  /** Accepts problems of a host, and looks at its last result again, as `JobService` does. */
  accept(host: string, accepted: AlertJob['accepted']): void {
    this.#jobs.set(host, { ...this.#jobOf(host), accepted });
    this.#lookAgain(host);
  }

  /** Edits a host: null deletes it. */
  edit(host: string, patch: Partial<AlertJob> | null): void {
    const before = this.#jobOf(host);
    if (patch) {
      const job = { ...before, ...patch };
      this.#jobs.set(host, job);
      this.alerter.jobEdited(before, job);
      return;
    }
    this.#jobs.delete(host);
    this.#last.delete(host);
    this.#leaves.delete(host);
    this.alerter.removeJob(host);
  }

  /** Returns the fingerprint of the leaf that a host showed last; null: none. */
  shown(host: string): string | null {
    return this.#last.get(host)?.leaf?.fingerprint ?? null;
  }

  /** Time has passed since the last result, and nothing was checked. */
  #lookAgain(host: string): void {
    const last = this.#last.get(host);
    if (last) this.#observe(host, { ...last, at: this.#clock.now(), isRelook: true });
  }

  /** Time passes, or the clock is set back. @param time milliseconds since the epoch */
  goTo(time: number): void {
    this.#clock.goTo(time);
  }

  /** The program ends and starts again: what is not kept is lost. */
  restart(): void {
    this.alerter.stop();
    this.alerter = this.#open();
    this.alerter.start();
  }

  /** A version with newer rules is started, which checks every host. */
  upgrade(): void {
    this.#rulesVersion += 1;
    this.restart();
    this.alerter.awaitVerdicts([...this.#last.keys()]);
  }

  finish(): void {
    if (this.#clock.hasBegun) this.#clock.goTo(this.#clock.now() + afterwardsMs);
    this.alerter.stop();
  }

  #jobOf(host: string): AlertJob {
    const known = this.#jobs.get(host);
    if (known) return known;
    const parsed = parseTarget(host);
    const job: AlertJob = {
      id: host,
      name: parsed.ok ? '' : host,
      target: parsed.ok ? parsed.target : { file: host, passphraseFile: null },
      tags: [],
      thresholds: defaultThresholds,
      alerts: inheritedRules,
      accepted: [],
      paused: false,
    };
    this.#jobs.set(host, job);
    return job;
  }

  #hear(event: AlertEvent): void {
    if (event.type === 'alert-changed') return;
    const at = this.#clock.now();
    if (event.type === 'alert') {
      const { severity, title, body } = event.alert;
      this.#send({ at, type: 'alert', severity, title, body });
      return;
    }
    const { alerts, title, body, isUpdate } = event.digest;
    const isAnyCritical = alerts.some((one) => one.severity === 'critical');
    const severity = isAnyCritical ? 'critical' : (alerts[0]?.severity ?? 'info');
    this.#send({ at, type: isUpdate ? 'update' : 'digest', severity, title, body });
  }

  #open(): Alerter {
    return new Alerter({
      clock: this.#clock,
      storage: {
        tryWrite: (work) => work(),
        alerts: new AlertStore(this.#database),
        history: { sightings: () => [] },
      },
      rules: this,
      jobs: this.#jobs,
      results: { facts: (host) => ({ checkedAt: this.#checkedAt.get(host) ?? null }) },
      log: silent,
      onReleased: () => false,
      onRelook: (host) => this.#lookAgain(host),
      journal: { record: (event) => this.#hear(event) },
      rulesVersion: this.#rulesVersion,
    });
  }
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A clock that jumps to a given time; timers on the way fire at their own times. */
class PlaybackClock implements Clock {
  #now = Number.NEGATIVE_INFINITY;
  #timers: { at: number; callback: () => void }[] = [];

  get hasBegun(): boolean {
    return this.#now !== Number.NEGATIVE_INFINITY;
  }

  now = (): number => this.#now;
  passed = (): number => this.#now;

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  #earliest() {
    let first = this.#timers[0];
    for (const timer of this.#timers) if (first && timer.at < first.at) first = timer;
    return first;
  }

  goTo(time: number): void {
    if (!this.hasBegun) this.#now = time;
    for (;;) {
      const next = this.#earliest();
      if (!next || next.at > time) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = next.at;
      next.callback();
    }
    // A clock that is set back takes its timers along.
    if (time < this.#now) for (const timer of this.#timers) timer.at -= this.#now - time;
    this.#now = time;
  }
}
