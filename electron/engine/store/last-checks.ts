import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';
import { iso, readFacts, readStatus } from './history-rows.ts';
import type { Statements } from './statements.ts';
import { readStored } from './stored-json.ts';
import { keywordsOf, limitOf, type RenewalTimes } from './summary.ts';

interface LastRow {
  uuid: string;
  at: number;
  status: number;
  missed: number;
  /** Row of the problems. */
  problems: number;
  /** Row of the leaf that was shown last, and the address and `earliestExpiry` of that result, as a JSON array; null: none was. */
  leaf: number | null;
  shown: string | null;
}

interface LeafRow {
  not_before: number;
  not_after: number;
  issuer: string;
  facts: string;
}

type Shown = Pick<
  LastCheck,
  'validFrom' | 'validTo' | 'expiresAt' | 'limitedBy' | 'fingerprint256' | 'issuer' | 'keywords'
>;

const nothingShown: Shown = {
  validFrom: null,
  validTo: null,
  expiresAt: null,
  limitedBy: null,
  fingerprint256: null,
  issuer: null,
  keywords: '',
};

/**
 * Reads the newest result of every job in brief, by job id: what is needed at start. What jobs have in common, as a wildcard
 * on a hundred hosts, is read and kept once.
 */
export function readLastChecks(statements: Statements): Map<string, Omit<LastCheck, keyof RenewalTimes>> {
  const rows = statements.all<LastRow>(
    `SELECT j.uuid, r.at, r.status, r.missed, r.problems, ch.leaf,
       json_extract(n.json, '$.address', '$.earliestExpiry') AS shown
     FROM jobs j
     JOIN results r ON r.job = j.id AND r.at = j.last
     LEFT JOIN results seen ON seen.job = j.id AND seen.at = iif(
       r.chain IS NOT NULL,
       r.at,
       (SELECT at FROM results WHERE job = j.id AND chain IS NOT NULL ORDER BY at DESC LIMIT 1))
     LEFT JOIN chains ch ON ch.id = seen.chain
     LEFT JOIN texts n ON n.id = seen.connection`,
  );
  const problems = once((id: number) => readProblems(statements, id));
  const shown = once((key: string) => readShown(statements, key));
  return new Map(
    rows.map((row) => [
      row.uuid,
      {
        checkedAt: iso(row.at),
        status: readStatus(row.status),
        problems: problems(row.problems),
        ...(row.leaf === null ? nothingShown : shown(`${row.leaf} ${row.shown ?? '[]'}`)),
        missed: row.missed,
      },
    ]),
  );
}

/** Returns a function that asks for each key once. */
function once<Key, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

function readProblems(statements: Statements, id: number): LastCheck['problems'] {
  const row = statements.get<{ json: string }>('SELECT json FROM texts WHERE id = ?', id);
  return (row ? readStored<Problem[]>(row.json) : []).map(({ code, severity, message }) => ({
    code,
    severity,
    message,
  }));
}

/** @param key row of the leaf, and the JSON array of the address and `earliestExpiry` after a space */
function readShown(statements: Statements, key: string): Shown {
  const end = key.indexOf(' ');
  const sql = 'SELECT not_before, not_after, issuer, facts FROM certificates WHERE id = ?';
  const row = statements.get<LeafRow>(sql, Number(key.slice(0, end)));
  if (!row) return nothingShown;
  type Connection = [CheckResult['address']?, CheckResult['earliestExpiry']?];
  const [address = null, earliest = null] = readStored<Connection>(key.slice(end + 1));
  const facts = readFacts(row.facts);
  const validTo = iso(row.not_after);
  return {
    validFrom: iso(row.not_before),
    validTo,
    ...limitOf(validTo, earliest),
    fingerprint256: facts.fingerprint256,
    issuer: row.issuer,
    keywords: keywordsOf(facts, address),
  };
}
