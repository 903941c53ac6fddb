import type { DatabaseSync } from 'node:sqlite';
import { type Alert, type AlertState, alertSchema } from '../../../shared/schema/alert.ts';
import { Statements } from '../store/statements.ts';
import { parseStored, StoredTexts } from '../store/stored-json.ts';
import { type JobMemory, memorySchema, type OpenAlert } from './job-memory.ts';

interface AlertRow {
  id: number;
  job: string;
  key: string;
  at: number;
  kind: string;
  severity: string;
  title: string;
  body: string;
  notified_at: number | null;
  resolved_at: number | null;
  acknowledged_at: number | null;
  snoozed: string | null;
  level: number;
  notified_level: number | null;
  reminders: number;
  released: number | null;
}

export interface AlertQuery {
  limit: number;
  offset: number;
  jobId?: string | undefined;
  severity?: string | undefined;
  /** Only open alerts that are not acknowledged. */
  open?: boolean | undefined;
  state?: AlertState | undefined;
}

/** An alert with the key of its cause, and how bad it is and was when people were notified: see `OpenAlert`. */
export interface KeyedAlert extends Alert, OpenAlert {
  /** How often people were reminded of it. */
  reminders: number;
  /**
   * How often they had been when channels got it that get each alert by itself and do not wait for its group. Null: they do not have it as it
   * is now, since it is new, grew worse or was snoozed.
   */
  released: number | null;
}

/** An alert that is to be taken down. */
export type NewAlert = Omit<OpenAlert, 'notifiedLevel' | 'acknowledgedAt' | 'snoozedUntil'> &
  Pick<Alert, 'title' | 'body'>;

/** Open alerts that are not acknowledged: see `isOpen` in shared/schema/alert.ts. */
const isOpen = "severity <> 'info' AND resolved_at IS NULL AND acknowledged_at IS NULL";
/** What each state is in the table: see `alertStateOf` in shared/schema/alert.ts. */
const inState: Readonly<Record<AlertState, string>> = {
  open: `${isOpen} AND snoozed IS NULL`,
  snoozed: `${isOpen} AND snoozed IS NOT NULL`,
  acknowledged: "severity <> 'info' AND resolved_at IS NULL AND acknowledged_at IS NOT NULL",
  resolved: "severity <> 'info' AND resolved_at IS NOT NULL",
  info: "severity = 'info'",
};
/** Alerts that were resolved before their notification are not shown. */
const isShown = '(notified_at IS NOT NULL OR resolved_at IS NULL)';

/** Alerts and what is remembered for them, so that restarts neither repeat nor lose notifications. */
export class AlertStore {
  readonly #statements: Statements;
  readonly #memories = new StoredTexts(memorySchema);

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  /** What is remembered of a job; null: nothing, or nothing that can be read. */
  memory(jobId: string): JobMemory | null {
    const sql = 'SELECT memory FROM alert_memory WHERE job = ?';
    const row = this.#statements.get<{ memory: string }>(sql, jobId);
    return row ? this.#memories.read(jobId, row.memory) : null;
  }

  keepMemory(jobId: string, memory: JobMemory): void {
    this.#statements
      .prepare('INSERT OR REPLACE INTO alert_memory (job, memory, shown) VALUES (?, ?, ?)')
      .run(jobId, JSON.stringify(memory), memory.shown);
  }

  /** Returns what is remembered of jobs whose last leaf was this one, other than one job. Uses an index. */
  showing(fingerprint: string, except: string, limit: number): { job: string; memory: JobMemory }[] {
    const sql = 'SELECT job, memory FROM alert_memory WHERE shown = ? AND job <> ? LIMIT ?';
    return this.#statements
      .all<{ job: string; memory: string }>(sql, fingerprint, except, limit)
      .flatMap(({ job, memory }) => {
        const parsed = parseStored(memorySchema, memory);
        return parsed ? [{ job, memory: parsed }] : [];
      });
  }

  /** Returns whether another job has an open alert of a key. Uses an index. */
  isOpenElsewhere(key: string, except: string): boolean {
    const sql = 'SELECT 1 FROM alerts WHERE key = ? AND resolved_at IS NULL AND job <> ? LIMIT 1';
    return this.#statements.get(sql, key, except) !== undefined;
  }

  /** Takes an alert down. @returns it, with its id */
  add(jobId: string, alert: NewAlert, at: number): KeyedAlert {
    const { key, kind, severity, level, title, body } = alert;
    const { lastInsertRowid } = this.#statements
      .prepare(
        'INSERT INTO alerts (job, key, at, kind, severity, level, title, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(jobId, key, at, kind, severity, level, title, body);
    return {
      id: Number(lastInsertRowid),
      key,
      jobId,
      raisedAt: iso(at),
      kind,
      severity,
      level,
      notifiedLevel: null,
      reminders: 0,
      released: null,
      title,
      body,
      notifiedAt: null,
      resolvedAt: null,
      acknowledgedAt: null,
      snoozedUntil: null,
    };
  }

  /** Writes down what changed of an alert. */
  update(alert: KeyedAlert): void {
    const { id, kind, severity, level, notifiedLevel, reminders, released, title, body } = alert;
    const { notifiedAt, resolvedAt, acknowledgedAt, snoozedUntil } = alert;
    const ms = (time: string | null) => (time === null ? null : Date.parse(time));
    this.#statements
      .prepare(
        `UPDATE alerts SET kind = ?, severity = ?, level = ?, notified_level = ?, reminders = ?, released = ?, title = ?, body = ?,
         notified_at = ?, resolved_at = ?, acknowledged_at = ?, snoozed = ? WHERE id = ?`,
      )
      .run(
        ...[kind, severity, level, notifiedLevel, reminders, released, title, body],
        ...[ms(notifiedAt), ms(resolvedAt), ms(acknowledgedAt), snoozedUntil, id],
      );
  }

  get(id: number): KeyedAlert | null {
    const row = this.#statements.get<AlertRow>('SELECT * FROM alerts WHERE id = ?', id);
    return row ? readAlert(row) : null;
  }

  /** A job's alerts that are still true, the oldest first. */
  standing(jobId: string): KeyedAlert[] {
    const rows = this.#statements.all<AlertRow>(
      "SELECT * FROM alerts WHERE job = ? AND resolved_at IS NULL AND severity <> 'info' ORDER BY id",
      jobId,
    );
    return rows.map(readAlert);
  }

  /** Returns what people are still to be notified of: what is new, what grew worse, and what is snoozed until a time. */
  unnotified(): KeyedAlert[] {
    const rows =
      this.#statements.all<AlertRow>(`SELECT * FROM alerts WHERE resolved_at IS NULL AND acknowledged_at IS NULL
       AND (snoozed IS NULL AND (notified_level IS NULL OR notified_level < level) OR snoozed IS NOT NULL AND snoozed <> 'renewed') ORDER BY id`);
    return rows.map(readAlert);
  }

  /** Returns the alerts that people were notified of and that are still true, acknowledged or not. */
  notifiedAndTrue(): KeyedAlert[] {
    const rows = this.#statements.all<AlertRow>(
      "SELECT * FROM alerts WHERE severity <> 'info' AND resolved_at IS NULL AND notified_at IS NOT NULL ORDER BY id",
    );
    return rows.map(readAlert);
  }

  /** Returns every open alert that is not acknowledged. */
  open(): KeyedAlert[] {
    return this.#statements.all<AlertRow>(`SELECT * FROM alerts WHERE ${isOpen}`).map(readAlert);
  }

  /** The newest first; of those that are still true, what is critical before, and of those that are not the last resolved. */
  list({ limit, offset, jobId, severity, open, state }: AlertQuery): { items: Alert[]; total: number } {
    const where = `${isShown} AND (:job IS NULL OR job = :job) AND (:severity IS NULL OR severity = :severity)
      ${open === undefined ? '' : `AND ${open ? '' : 'NOT '}(${isOpen})`} ${state ? `AND (${inState[state]})` : ''}`;
    const first = orderOf(open === true ? 'open' : state);
    const filter = { ':job': jobId ?? null, ':severity': severity ?? null };
    const rows = this.#statements.all<AlertRow>(
      `SELECT * FROM alerts WHERE ${where} ORDER BY ${first} at DESC, id DESC LIMIT :limit OFFSET :offset`,
      { ...filter, ':limit': limit, ':offset': offset },
    );
    const { total } = this.#statements.one<{ total: number }>(
      `SELECT count(*) AS total FROM alerts WHERE ${where}`,
      filter,
    );
    return { items: rows.map(readAlert), total };
  }

  /** Returns the jobs with snoozed alerts, and none that are open: by one query, however many there are. */
  snoozedJobs(): string[] {
    const sql = `SELECT job FROM alerts WHERE ${isOpen} GROUP BY job HAVING count(*) = count(snoozed)`;
    return this.#statements.all<{ job: string }>(sql).map(({ job }) => job);
  }

  /** Returns the jobs of which something is true that has not been raised yet. */
  pendingJobs(): string[] {
    return this.#statements
      .all<{ job: string }>(`SELECT job FROM alert_memory WHERE memory NOT LIKE '%"pending":{}%'`)
      .map(({ job }) => job);
  }

  /** Returns the jobs that were judged last by rules of before a version. */
  judgedBefore(rules: number): string[] {
    const sql = "SELECT job FROM alert_memory WHERE coalesce(json_extract(memory, '$.rules'), 0) < ?";
    return this.#statements.all<{ job: string }>(sql, rules).map(({ job }) => job);
  }

  removeJob(jobId: string): void {
    this.#statements.prepare('DELETE FROM alerts WHERE job = ?').run(jobId);
    this.forgetMemory(jobId);
  }

  /** Forgets what is remembered of a job, whose past alerts stay. */
  forgetMemory(jobId: string): void {
    this.#memories.forget(jobId);
    this.#statements.prepare('DELETE FROM alert_memory WHERE job = ?').run(jobId);
  }

  /** Forgets alerts that were over before a time, in milliseconds since the epoch. */
  prune(before: number): void {
    this.#statements.prepare('DELETE FROM alerts WHERE resolved_at < ?').run(before);
  }
}

/** What comes before the time of an alert: how bad it is while it is true, and when it was resolved. */
function orderOf(state: AlertState | undefined): string {
  if (state === 'open' || state === 'snoozed' || state === 'acknowledged')
    return "severity = 'critical' DESC,";
  return state === 'resolved' ? 'resolved_at DESC,' : '';
}

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

function readAlert(row: AlertRow): KeyedAlert {
  const {
    id,
    job,
    key,
    at,
    kind,
    severity,
    title,
    body,
    notified_at,
    resolved_at,
    acknowledged_at,
    snoozed,
    level,
    notified_level: notifiedLevel,
    reminders,
    released,
  } = row;
  const alert = alertSchema.parse({
    id,
    jobId: job,
    key,
    raisedAt: iso(at),
    kind,
    severity,
    title,
    body,
    notifiedAt: isoOrNull(notified_at),
    resolvedAt: isoOrNull(resolved_at),
    acknowledgedAt: isoOrNull(acknowledged_at),
    snoozedUntil: snoozed,
  });
  return { ...alert, level, notifiedLevel, reminders, released };
}

/** Returns an alert as the contract has it: without what only the alerter needs. */
export function publicAlert({
  level: _level,
  notifiedLevel: _notified,
  reminders: _reminders,
  released: _released,
  ...alert
}: KeyedAlert): Alert {
  return alert;
}
