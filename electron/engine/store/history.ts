import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type CheckResult,
  type Problem,
  type Status,
  shortName,
  statuses,
} from '../../../shared/check-result.ts';
import type { LastCheck } from '../../../shared/job.ts';
import { type CertificateFacts, describeCertificate } from '../check/certificate.ts';
import type { Checked } from '../check/check.ts';

interface ResultRow {
  at: number;
  status: number;
  chain: string | null;
  problems: string;
  connection: string;
  dns_us: number | null;
  tcp_us: number | null;
  starttls_us: number | null;
  tls_us: number | null;
  total_us: number;
}

interface LastRow {
  uuid: string;
  at: number;
  status: number;
  problems: string;
  not_before: number | null;
  not_after: number | null;
  issuer: string | null;
}

/** What of a result is the same from check to check, as long as the server stays as it is. */
type Connection = Pick<
  CheckResult,
  'target' | 'protocol' | 'cipher' | 'address' | 'addresses' | 'unreachable' | 'earliestExpiry'
>;

const resultColumns = `
  r.at, r.status, c.members AS chain, p.json AS problems, n.json AS connection,
  r.dns_us, r.tcp_us, r.starttls_us, r.tls_us, r.total_us
  FROM results r
  JOIN jobs j ON j.id = r.job
  LEFT JOIN chains c ON c.id = r.chain
  JOIN texts p ON p.id = r.problems
  JOIN texts n ON n.id = r.connection`;

/** Results over time, each distinct certificate stored once. */
export class History {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Keeps a result. A second one of the same millisecond takes the place of the first. */
  add(jobId: string, { result, chain }: Checked): void {
    this.#transaction(() => {
      const at = Date.parse(result.checkedAt);
      const { target, protocol, cipher, address, addresses, unreachable, earliestExpiry, timings } = result;
      const connection: Connection = {
        target,
        protocol,
        cipher,
        address,
        addresses,
        unreachable,
        earliestExpiry,
      };
      this.#prepare(
        `INSERT OR REPLACE INTO results
         (job, at, status, chain, problems, connection, dns_us, tcp_us, starttls_us, tls_us, total_us)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        this.#jobRow(jobId),
        at,
        statuses.indexOf(result.status),
        this.#chainRow(result, chain),
        this.#textRow(result.problems),
        this.#textRow(connection),
        microseconds(timings.dns),
        microseconds(timings.tcp),
        microseconds(timings.starttls),
        microseconds(timings.tls),
        microseconds(timings.total),
      );
    });
  }

  /** The newest result of a job. */
  last(jobId: string): CheckResult | null {
    return this.list(jobId, 1, 0).items[0] ?? null;
  }

  /** Results of a job, the newest first. */
  list(jobId: string, limit: number, offset: number): { items: CheckResult[]; total: number } {
    const rows = this.#prepare(
      `SELECT ${resultColumns} WHERE j.uuid = ? ORDER BY r.at DESC LIMIT ? OFFSET ?`,
    ).all(jobId, limit, offset) as unknown as ResultRow[];
    const { total } = this.#prepare(
      'SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?',
    ).get(jobId) as { total: number };
    return { items: rows.map((row) => this.#readResult(row)), total };
  }

  /** The newest result of every job in brief, by job id: what is needed at start. */
  lastOfAll(): Map<string, LastCheck> {
    const rows = this.#prepare(
      `SELECT j.uuid, r.at, r.status, p.json AS problems, c.not_before, c.not_after, c.issuer
       FROM jobs j
       JOIN results r ON r.job = j.id AND r.at = (SELECT max(at) FROM results WHERE job = j.id)
       JOIN texts p ON p.id = r.problems
       LEFT JOIN chains ch ON ch.id = coalesce(
         r.chain,
         (SELECT chain FROM results WHERE job = j.id AND chain IS NOT NULL ORDER BY at DESC LIMIT 1))
       LEFT JOIN certificates c ON c.id = ch.leaf`,
    ).all() as unknown as LastRow[];
    return new Map(rows.map((row) => [row.uuid, readLast(row)]));
  }

  /** How many of the newest results in a row were unreachable, counted up to the limit, and when the first of them was. */
  unreachableStreak(jobId: string, limit: number): { length: number; since: string | null } {
    const rows = this.#prepare(
      `SELECT r.at, r.status FROM results r JOIN jobs j ON j.id = r.job
       WHERE j.uuid = ? ORDER BY r.at DESC LIMIT ?`,
    ).all(jobId, limit) as { at: number; status: number }[];
    const reached = rows.findIndex(({ status }) => statuses[status] !== 'unreachable');
    const streak = reached === -1 ? rows : rows.slice(0, reached);
    const first = streak.at(-1);
    return { length: streak.length, since: first ? new Date(first.at).toISOString() : null };
  }

  removeJob(jobId: string): void {
    this.#transaction(() => {
      this.#prepare('DELETE FROM results WHERE job = (SELECT id FROM jobs WHERE uuid = ?)').run(jobId);
      this.#prepare('DELETE FROM jobs WHERE uuid = ?').run(jobId);
    });
  }

  /** Forgets results from before a time (milliseconds since the epoch), and what only they pointed at. */
  prune(before: number): void {
    this.#transaction(() => {
      const { changes } = this.#prepare('DELETE FROM results WHERE at < ?').run(before);
      if (changes === 0) return;
      this.#database.exec(`
        DELETE FROM texts WHERE id NOT IN (SELECT problems FROM results UNION SELECT connection FROM results);
        DELETE FROM chains WHERE id NOT IN (SELECT chain FROM results WHERE chain IS NOT NULL);
        DELETE FROM certificates WHERE id NOT IN (SELECT value FROM chains, json_each(chains.members));
      `);
    });
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #jobRow(uuid: string): number {
    this.#prepare('INSERT OR IGNORE INTO jobs (uuid) VALUES (?)').run(uuid);
    return (this.#prepare('SELECT id FROM jobs WHERE uuid = ?').get(uuid) as { id: number }).id;
  }

  #textRow(value: unknown): number {
    const json = JSON.stringify(value);
    this.#prepare('INSERT OR IGNORE INTO texts (json) VALUES (?)').run(json);
    return (this.#prepare('SELECT id FROM texts WHERE json = ?').get(json) as { id: number }).id;
  }

  #chainRow(result: CheckResult, chain: readonly Buffer[]): number | null {
    const members = result.chain.map((certificate, index) => {
      const { daysRemaining: _dependsOnTheDay, ...facts } = certificate;
      return this.#certificateRow(facts, chain[index] ?? Buffer.alloc(0));
    });
    const [leaf] = members;
    if (leaf === undefined) return null;
    const key = JSON.stringify(members);
    this.#prepare('INSERT OR IGNORE INTO chains (leaf, members) VALUES (?, ?)').run(leaf, key);
    return (this.#prepare('SELECT id FROM chains WHERE members = ?').get(key) as { id: number }).id;
  }

  #certificateRow(facts: CertificateFacts, der: Buffer): number {
    const fingerprint = Buffer.from(facts.fingerprint256.replaceAll(':', ''), 'hex');
    const find = this.#prepare('SELECT id FROM certificates WHERE fingerprint = ?');
    const known = find.get(fingerprint) as { id: number } | undefined;
    if (known) return known.id;
    const { lastInsertRowid } = this.#prepare(
      'INSERT INTO certificates (fingerprint, der, facts, not_before, not_after, issuer) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(
      fingerprint,
      der,
      JSON.stringify(facts),
      Date.parse(facts.validFrom),
      Date.parse(facts.validTo),
      shortName(facts.issuer),
    );
    return Number(lastInsertRowid);
  }

  #readResult(row: ResultRow): CheckResult {
    const members = row.chain === null ? [] : (JSON.parse(row.chain) as number[]);
    const chain = members.flatMap((id) => {
      const stored = this.#prepare('SELECT facts FROM certificates WHERE id = ?').get(id) as
        | { facts: string }
        | undefined;
      return stored ? [describeCertificate(JSON.parse(stored.facts) as CertificateFacts, row.at)] : [];
    });
    const { target, protocol, cipher, address, addresses, unreachable, earliestExpiry } = JSON.parse(
      row.connection,
    ) as Connection;
    return {
      target,
      checkedAt: new Date(row.at).toISOString(),
      status: readStatus(row.status),
      problems: JSON.parse(row.problems) as Problem[],
      certificate: chain[0] ?? null,
      chain,
      earliestExpiry,
      protocol,
      cipher,
      address,
      addresses,
      timings: {
        dns: milliseconds(row.dns_us),
        tcp: milliseconds(row.tcp_us),
        starttls: milliseconds(row.starttls_us),
        tls: milliseconds(row.tls_us),
        total: row.total_us / 1000,
      },
      unreachable,
    };
  }
}

/** A result in brief. Where it shows no certificate, the one seen before is kept in view. */
export function summarise(result: CheckResult, before: LastCheck | null): LastCheck {
  const { certificate } = result;
  return {
    checkedAt: result.checkedAt,
    status: result.status,
    problems: result.problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: (certificate ?? before)?.validFrom ?? null,
    validTo: (certificate ?? before)?.validTo ?? null,
    issuer: certificate ? shortName(certificate.issuer) : (before?.issuer ?? null),
  };
}

function readLast(row: LastRow): LastCheck {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const problems = JSON.parse(row.problems) as Problem[];
  return {
    checkedAt: new Date(row.at).toISOString(),
    status: readStatus(row.status),
    problems: problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: iso(row.not_before),
    validTo: iso(row.not_after),
    issuer: row.issuer,
  };
}

function readStatus(index: number): Status {
  return statuses[index] ?? 'unreachable';
}

const microseconds = (ms: number | null) => (ms === null ? null : Math.round(ms * 1000));
const milliseconds = (us: number | null) => (us === null ? null : us / 1000);
