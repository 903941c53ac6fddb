/** Statements that bring a database from one version to the next; its version is SQLite's user_version. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE);

  -- What recurs from check to check is stored once and pointed at, so that a result is a row of numbers.
  CREATE TABLE certificates (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE,
    der BLOB NOT NULL,
    facts TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    issuer TEXT NOT NULL
  );
  CREATE TABLE chains (id INTEGER PRIMARY KEY, leaf INTEGER NOT NULL, members TEXT NOT NULL UNIQUE);
  CREATE TABLE texts (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);

  CREATE TABLE results (
    job INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    chain INTEGER,
    problems INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    dns_us INTEGER, tcp_us INTEGER, starttls_us INTEGER, tls_us INTEGER, total_us INTEGER NOT NULL,
    PRIMARY KEY (job, at)
  ) WITHOUT ROWID;
  CREATE INDEX results_by_time ON results (at);

  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    is_said INTEGER NOT NULL DEFAULT 1,
    UNIQUE (job, key)
  );
  CREATE INDEX alerts_by_time ON alerts (at);
  `,
  `
  -- The newest result is the one that was added last, also where the clock was set back.
  ALTER TABLE jobs ADD COLUMN last INTEGER;
  UPDATE jobs SET last = (SELECT max(at) FROM results WHERE job = jobs.id);
  ALTER TABLE results ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;

  -- Which leaf a job showed from when to when: renewals are read off it, without going through all results.
  CREATE TABLE sightings (
    job INTEGER NOT NULL,
    certificate INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (job, certificate)
  ) WITHOUT ROWID;
  INSERT INTO sightings (job, certificate, first_at, last_at)
    SELECT r.job, c.leaf, min(r.at), max(r.at) FROM results r JOIN chains c ON c.id = r.chain
    GROUP BY r.job, c.leaf;
  `,
  `
  -- An alert is notified, resolved, and can be acknowledged or snoozed. What another alert covered was never a separate alert.
  ALTER TABLE alerts RENAME TO alerts_2;
  DROP INDEX alerts_by_time;
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    said_at INTEGER,
    ended_at INTEGER,
    acknowledged_at INTEGER,
    snoozed TEXT
  );
  -- The newest of a job may still be true; the next result tells.
  INSERT INTO alerts (id, job, key, at, kind, severity, title, body, said_at, ended_at)
    SELECT id, job,
      CASE kind
        WHEN 'expired' THEN key
        WHEN 'expiring' THEN severity || substr(key, instr(substr(key, 10), ':') + 9)
        ELSE kind
      END,
      at, kind, severity, title, body, at,
      (SELECT min(later.at) FROM alerts_2 later WHERE later.job = a.job AND later.is_said AND later.id > a.id)
    FROM alerts_2 a WHERE is_said;
  DROP TABLE alerts_2;
  CREATE INDEX alerts_by_time ON alerts (at);
  CREATE INDEX alerts_standing ON alerts (job) WHERE ended_at IS NULL;

  -- What is remembered of a job from result to result, for its alerts.
  CREATE TABLE alert_memory (job TEXT PRIMARY KEY, memory TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- What is to be delivered to hooks. next_at NULL: it was given up.
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook TEXT NOT NULL,
    title TEXT NOT NULL,
    payload TEXT NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    error TEXT
  );
  CREATE INDEX deliveries_waiting ON deliveries (hook, id) WHERE next_at IS NOT NULL;
  `,
  `
  -- Alerts are named as other tools name them: notified, resolved, renewal overdue. Inside a JSON string a quote has a
  -- backslash, so the patterns below match names and values of the payload only.
  ALTER TABLE alerts RENAME COLUMN said_at TO notified_at;
  ALTER TABLE alerts RENAME COLUMN ended_at TO resolved_at;
  UPDATE alerts SET kind = 'renewal-overdue' WHERE kind = 'overdue';
  UPDATE deliveries SET payload = replace(replace(replace(replace(payload,
    '"saidAt":', '"notifiedAt":'), '"endedAt":', '"resolvedAt":'),
    '"kind":"overdue"', '"kind":"renewal-overdue"'), '"event":"ended"', '"event":"resolved"');
  `,
  `
  -- An alert keeps its key while it grows worse or better: how bad it is, and was when people were notified last.
  ALTER TABLE alerts ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE alerts ADD COLUMN notified_level INTEGER;
  UPDATE alerts SET level = CASE
    WHEN key GLOB 'expired:*' THEN 3 WHEN key GLOB 'overdue:*' THEN 0
    WHEN severity = 'critical' THEN 2 WHEN severity = 'warning' THEN 1 ELSE 0 END;
  UPDATE alerts SET notified_level = level WHERE notified_at IS NOT NULL;
  UPDATE alerts SET key = 'expiry:' || substr(key, instr(key, ':') + 1)
    WHERE key GLOB 'overdue:*' OR key GLOB 'warning:*' OR key GLOB 'critical:*' OR key GLOB 'expired:*';
  `,
  `
  -- Deliveries keep their order for each key, and not for each hook. What was already waiting has a separate key.
  ALTER TABLE deliveries ADD COLUMN key TEXT NOT NULL DEFAULT '';
  ALTER TABLE deliveries ADD COLUMN held_until INTEGER;
  UPDATE deliveries SET key = 'before ' || id;
  -- Each message has an id, as those that are written from now on.
  UPDATE deliveries SET payload = json_set(payload, '$.id', lower(hex(randomblob(16)))) WHERE json_valid(payload);
  DROP INDEX deliveries_waiting;
  CREATE INDEX deliveries_waiting ON deliveries (hook, key, id) WHERE next_at IS NOT NULL;
  `,
  `
  -- How often people were reminded of an open alert.
  ALTER TABLE alerts ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Which jobs show a certificate, and whether an alert is open for it, is known without going through all jobs.
  ALTER TABLE alert_memory ADD COLUMN shown TEXT;
  UPDATE alert_memory SET shown = json_extract(memory, '$.shown') WHERE json_valid(memory);
  CREATE INDEX alert_memory_shown ON alert_memory (shown) WHERE shown IS NOT NULL;
  CREATE INDEX alerts_open_by_key ON alerts (key) WHERE resolved_at IS NULL;
  `,
  `
  -- Runs of saved searches, and what they found. detail: JSON of a run as discovery/saved/run-store.ts reads it; found: JSON of a find.
  CREATE TABLE discovery_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    discovery TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    detail TEXT NOT NULL
  );
  CREATE INDEX discovery_runs_by_search ON discovery_runs (discovery, id);
  CREATE TABLE discovery_finds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    discovery TEXT NOT NULL,
    address TEXT NOT NULL,
    port INTEGER NOT NULL,
    starttls TEXT NOT NULL,
    -- Sorts finds by address and port.
    place TEXT NOT NULL,
    found TEXT NOT NULL,
    -- The targets by which it is watched, with spaces between.
    keys TEXT NOT NULL,
    needs_name INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    changed_at INTEGER,
    run INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    changed_run INTEGER,
    missed INTEGER NOT NULL DEFAULT 0,
    vanished_at INTEGER,
    is_ignored INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX discovery_finds_by_place ON discovery_finds (discovery, address, port);
  `,
  `
  -- How often people had been reminded of an alert when channels got it that get each by itself; NULL: they do not have it as it is now.
  ALTER TABLE alerts ADD COLUMN released INTEGER;
  -- Alerts with a time of notification and no level were handed to these channels, and their group waits. Those that were snoozed since are handed to them again.
  UPDATE alerts SET released = reminders WHERE notified_at IS NOT NULL AND notified_level IS NULL AND snoozed IS NULL;
  `,
];
