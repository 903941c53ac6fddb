import type { KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import type { AlertStore, KeyedAlert, NewAlert } from './alert-store.ts';
import { type JobMemory, noMemory } from './job-memory.ts';

/** Where alerts are kept: the archive, or what takes its place where a history is played through. */
export interface AlertStorage extends Pick<ResultDatabase, 'tryWrite'> {
  readonly alerts: AlertStore;
  readonly history: Pick<ResultDatabase['history'], 'sightings'>;
}

/** What is known of a job beside its results. */
export interface Known {
  memory: JobMemory;
  standing: KeyedAlert[];
}

/** Keeps alerts and memory in the archive and, where the disk does not take them, here: people are warned all the same. */
export class AlertMemory {
  readonly #storage: AlertStorage;
  readonly #unkept = new Map<string, Known>();
  /** Alerts as they are by now whose last change storage did not take, by their ids. */
  readonly #unkeptChanges = new Map<number, KeyedAlert>();
  #lastUnkeptId = 0;

  constructor(storage: AlertStorage) {
    this.#storage = storage;
  }

  /** @param at the time of the result, in milliseconds since the epoch */
  known(jobId: string, at: number): Known {
    const unkept = this.#unkept.get(jobId);
    if (unkept) return unkept;
    const kept = this.#storage.tryWrite(() => ({
      memory: this.#storage.alerts.memory(jobId) ?? this.#memoryOfHistory(jobId, at),
      standing: this.#storage.alerts
        .standing(jobId)
        .map((alert) => this.#unkeptChanges.get(alert.id) ?? alert)
        .filter(({ resolvedAt }) => resolvedAt === null),
    }));
    return kept ?? { memory: noMemory, standing: [] };
  }

  memory(jobId: string): JobMemory {
    return this.known(jobId, Number.POSITIVE_INFINITY).memory;
  }

  /** Keeps what a result changed. @returns the new alerts with their ids */
  keep(jobId: string, { memory, standing }: Known, raised: readonly NewAlert[], at: number): KeyedAlert[] {
    const { alerts } = this.#storage;
    const added = this.#storage.tryWrite(() => {
      alerts.keepMemory(jobId, memory);
      for (const alert of standing.filter(({ id }) => id < 0)) this.#add(alert);
      return raised.map((alert) => alerts.add(jobId, alert, at));
    });
    if (added) {
      this.#unkept.delete(jobId);
      return added;
    }
    const unkept = raised.map((alert): KeyedAlert => {
      this.#lastUnkeptId -= 1;
      return { ...alert, ...unnotified, id: this.#lastUnkeptId, jobId, raisedAt: new Date(at).toISOString() };
    });
    this.#unkept.set(jobId, {
      memory,
      standing: [...standing, ...unkept.filter(({ severity }) => severity !== 'info')],
    });
    return unkept;
  }

  update(alert: KeyedAlert): void {
    const unkept = this.#unkept.get(alert.jobId);
    if (unkept) {
      unkept.standing = unkept.standing.map((one) => (one.id === alert.id ? alert : one));
    }
    if (alert.id < 0) return;
    const isKept = this.#storage.tryWrite(() => this.#storage.alerts.update(alert) ?? true);
    if (isKept) this.#unkeptChanges.delete(alert.id);
    else this.#unkeptChanges.set(alert.id, alert);
  }

  /** Whether there is something that storage did not take yet. */
  get isBehind(): boolean {
    return this.#unkept.size > 0 || this.#unkeptChanges.size > 0;
  }

  /**
   * Keeps what storage did not take before.
   * @returns the ids that alerts got, by those that they had in memory; null: storage takes nothing still
   */
  catchUp(): Map<number, KeyedAlert> | null {
    const { alerts } = this.#storage;
    const kept = this.#storage.tryWrite(() => {
      const renamed = new Map<number, KeyedAlert>();
      for (const alert of this.#unkeptChanges.values()) alerts.update(alert);
      for (const [jobId, { memory, standing }] of this.#unkept) {
        alerts.keepMemory(jobId, memory);
        for (const alert of standing.filter(({ id }) => id < 0)) renamed.set(alert.id, this.#add(alert));
      }
      return renamed;
    });
    if (!kept) return null;
    this.#unkept.clear();
    this.#unkeptChanges.clear();
    return kept;
  }

  #add(alert: KeyedAlert): KeyedAlert {
    const { id } = this.#storage.alerts.add(alert.jobId, alert, Date.parse(alert.raisedAt));
    this.#storage.alerts.update({ ...alert, id });
    return { ...alert, id };
  }

  /** Nothing is remembered of a job any more: it looks elsewhere, or is gone. */
  forget(jobId: string): void {
    this.#unkept.delete(jobId);
    this.#storage.tryWrite(() => this.#storage.alerts.forgetMemory(jobId));
  }

  /** For a job from before there was a memory: which leaves it showed. The one seen at `at` is the current one. */
  #memoryOfHistory(jobId: string, at: number): JobMemory {
    const leaves = this.#storage.history
      .sightings(jobId)
      .map(
        ({ fingerprint256, issuer, validFrom, validTo, firstSeenAt }): KnownLeaf => ({
          fingerprint: fingerprint256,
          issuer,
          key: null,
          validFrom: Date.parse(validFrom),
          validTo: Date.parse(validTo),
          firstSeenAt: Date.parse(firstSeenAt),
        }),
      )
      .filter(({ firstSeenAt }) => firstSeenAt < at)
      .toReversed();
    return { ...noMemory, leaves, shown: leaves.at(-1)?.fingerprint ?? null };
  }
}

const unnotified = {
  reminders: 0,
  released: null,
  notifiedAt: null,
  notifiedLevel: null,
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
} as const;
