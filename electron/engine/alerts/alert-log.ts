import type { DatabaseSync } from 'node:sqlite';
import { type Alert, alertSchema } from '../../../shared/alert.ts';
import type { DueAlert } from './policy.ts';

interface AlertRow {
  id: number;
  job: string;
  at: number;
  kind: string;
  severity: string;
  title: string;
  body: string;
}

export interface AlertQuery {
  limit: number;
  offset: number;
  jobId?: string | undefined;
  severity?: string | undefined;
}

/** Remembers what was said, so that nothing is said twice, across restarts too. */
export class AlertLog {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Takes down an alert and what it covers. Null where its occasion was taken down before. */
  record(jobId: string, due: DueAlert, now: number): Alert | null {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO alerts (job, key, at, kind, severity, title, body, is_said)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const put = (key: string, isSaid: boolean) =>
      insert.run(jobId, key, now, due.kind, due.severity, due.title, due.body, Number(isSaid));
    const { changes, lastInsertRowid } = put(due.key, true);
    if (changes === 0) return null;
    for (const key of due.covers) put(key, false);
    const { kind, severity, title, body } = due;
    return {
      id: Number(lastInsertRowid),
      jobId,
      raisedAt: new Date(now).toISOString(),
      kind,
      severity,
      title,
      body,
    };
  }

  /** Alerts that were said, the newest first. */
  list({ limit, offset, jobId, severity }: AlertQuery): { items: Alert[]; total: number } {
    const where =
      'is_said = 1 AND (:job IS NULL OR job = :job) AND (:severity IS NULL OR severity = :severity)';
    const filter = { ':job': jobId ?? null, ':severity': severity ?? null };
    const rows = this.#database
      .prepare(`SELECT * FROM alerts WHERE ${where} ORDER BY at DESC, id DESC LIMIT :limit OFFSET :offset`)
      .all({ ...filter, ':limit': limit, ':offset': offset }) as unknown as AlertRow[];
    const { total } = this.#database
      .prepare(`SELECT count(*) AS total FROM alerts WHERE ${where}`)
      .get(filter) as {
      total: number;
    };
    return { items: rows.map(readAlert), total };
  }

  removeJob(jobId: string): void {
    this.#database.prepare('DELETE FROM alerts WHERE job = ?').run(jobId);
  }
}

function readAlert({ job, at, ...row }: AlertRow): Alert {
  return alertSchema.parse({ ...row, jobId: job, raisedAt: new Date(at).toISOString() });
}
