import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { Outbox } from '../../../electron/engine/channels/outbox.ts';
import { SearchDatabase } from '../../../electron/engine/discovery/saved/search-database.ts';
import { Backups } from '../../../electron/engine/store/backups.ts';
import { readConfig, schemaVersion } from '../../../electron/engine/store/config-file.ts';
import { openSecrets, sealSecrets } from '../../../electron/engine/store/config-secrets.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { History } from '../../../electron/engine/store/history.ts';
import { SecretBox } from '../../../electron/engine/store/secret-box.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf } from '../../support/test-engine.ts';

/** Files as each version wrote them. A new version adds its own here, and no kept file is ever changed. */
const kept = (name: string) => join(import.meta.dirname, 'kept', name);

/** Reads a kept config.json as today's version does. */
function readKept(name: string) {
  using folder = temporaryFolder();
  copyFileSync(kept(name), folder.file('config.json'));
  return readConfig(
    () => openConf(folder.path),
    folder.file('config.json'),
    new Backups(folder.file('backups')),
    Date.parse('2026-11-25T10:00:00Z'),
  );
}

describe('a file of jobs from version 1', () => {
  it('is read with everything in it, and nothing paused that was not', () => {
    const { config, warning } = readKept('config-1.json');
    expect(warning).toBeNull();
    expect(config.settings).toMatchObject({ retentionDays: 100, pause: null });
    expect(config.jobs.map(({ name, paused, pausedUntil }) => [name, paused, pausedUntil])).toEqual([
      ['renewed', false, null],
      ['down', false, null],
      ['', true, null],
    ]);
    expect(config.jobs[1]?.schedule).toEqual({
      type: 'cron',
      pattern: '0 6 * * *',
      timezone: 'Europe/Berlin',
    });
  });
  it('lies in the backups as it was', () => {
    using folder = temporaryFolder();
    copyFileSync(kept('config-1.json'), folder.file('config.json'));
    const backups = new Backups(folder.file('backups'));
    readConfig(() => openConf(folder.path), folder.file('config.json'), backups, Date.now());
    const [backup] = backups.newestFirst();
    expect(readFileSync(backup ?? '', 'utf8')).toBe(readFileSync(kept('config-1.json'), 'utf8'));
  });
});

describe('a file of jobs from version 3', () => {
  const read = (box: SecretBox | null) => {
    using folder = temporaryFolder();
    copyFileSync(kept('config-3.json'), folder.file('config.json'));
    const backups = new Backups(folder.file('backups'));
    return readConfig(() => openConf(folder.path), folder.file('config.json'), backups, 0, box);
  };
  // The key that the file was sealed by.
  const secretBox = new SecretBox(Buffer.alloc(32, 7));

  it('is read with every secret that it had, and they are to be sealed for their places', () => {
    const { config, warning, sealed, isToBeSealed } = read(secretBox);
    expect([warning, sealed, isToBeSealed]).toEqual([null, null, true]);
    expect(config.settings.proxy).toBe('http://user:hunter2@127.0.0.1:9');
    expect(config.settings.channels.map((channel) => 'url' in channel && channel.url)).toEqual([
      'http://127.0.0.1:9/T0000-hook',
      'http://127.0.0.1:9/plain',
    ]);
    expect(config.jobs[0]?.connection.proxy).toBe('socks5://user:hunter3@127.0.0.1:9');
    expect(JSON.stringify(sealSecrets(config, secretBox))).not.toMatch(/hunter|T0000|sealed\.v1/);
  });

  it('loses no secret where there is no key', () => {
    const { config, sealed } = read(null);
    expect(sealed).toMatch(/^3 secrets /);
    expect(openSecrets(config, secretBox).config.settings.proxy).toBe('http://user:hunter2@127.0.0.1:9');
  });

  it('has names and tags of one line, and each channel a name of its own', () => {
    const { config } = read(secretBox);
    expect(config.jobs[0]).toMatchObject({
      name: 'two lines  [31m red',
      tags: ['mail', 'bad tag'],
      notes: 'first\nsecond',
    });
    expect(config.settings.tagRules.map(({ tag }) => tag)).toEqual(['mail']);
    expect(config.settings.channels.map(({ name }) => name)).toEqual(['ops', 'ops 2']);
  });
});

describe('a file of jobs from version 4', () => {
  it('is read with everything in it, no source, and no job that one keeps', () => {
    const { config, warning } = readKept('config-4.json');
    expect(warning).toBeNull();
    expect(config.sources).toEqual([]);
    expect(config.settings).toMatchObject({ retentionDays: 100, quietHours: { from: '22:00', to: '06:00' } });
    expect(config.jobs.map(({ target, tags, notes, origin }) => [target, tags, notes, origin])).toEqual([
      [{ host: 'www.example.com', port: 443, servername: null, starttls: null }, ['web'], '', null],
      [{ file: '/etc/ssl/private/web.p12', passphraseFile: '/etc/ssl/secret' }, [], 'a file', null],
    ]);
  });
});

describe('a file of jobs from version 5', () => {
  it('is read with everything in it, and no problem that was accepted', () => {
    const { config, warning } = readKept('config-5.json');
    expect(warning).toBeNull();
    expect(config.jobs.map(({ notes, accepted }) => [notes, accepted])).toEqual([
      ['kept by version 5', []],
      ['a file', []],
    ]);
  });
});

describe('a file of jobs from version 6', () => {
  it('is read with everything in it, warned of as before, and no further notification points', () => {
    const { config, warning } = readKept('config-6.json');
    expect(warning).toBeNull();
    const [job] = config.jobs;
    const [rules] = config.settings.tagRules;
    expect([config.settings, rules, job].map((ruled) => ruled?.alerts.notifyAt)).toEqual([null, null, null]);
    expect(config.settings.thresholds).toEqual({ warning: { days: 25 }, critical: { days: 5 } });
    expect(config.settings.alerts).toMatchObject({ remindEveryDays: 2, changes: false });
    expect(rules).toMatchObject({ tag: 'web', thresholds: { warning: { share: 0.3 }, critical: null } });
    expect(job).toMatchObject({
      thresholds: { warning: { days: 40 }, critical: null },
      alerts: { unreachableMinutes: 5 },
      accepted: [{ code: 'untrusted-issuer', reason: 'New root by Dec 1' }],
    });
  });
});

describe('a file of version 10', () => {
  it('is read with its saved searches, which read nothing from DNS', () => {
    const { config, warning } = readKept('config-10.json');
    expect(warning).toBeNull();
    expect(config.searches).toMatchObject([
      { name: 'nightly', reverseDns: false, dns: [] },
      { name: 'asks', targets: ['10.7.0.0/28'], exclude: ['10.7.0.9'], reverseDns: true, dns: [] },
    ]);
  });
});

describe('a file of version 9', () => {
  it('is read with its saved searches and their hours, which look no names up', () => {
    const { config, warning } = readKept('config-9.json');
    expect(warning).toBeNull();
    expect(config.searches).toMatchObject([
      {
        name: 'nightly',
        hours: { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
        reverseDns: false,
      },
    ]);
  });
});

describe('a file of version 8', () => {
  it('is read with its saved searches, which may run at any time', () => {
    const { config, warning } = readKept('config-8.json');
    expect(warning).toBeNull();
    expect(config.jobs.map(({ name }) => name)).toEqual(['shop']);
    expect(config.searches).toMatchObject([
      {
        name: 'office',
        targets: ['10.0.0.0/24', '192.0.2.0/30'],
        schedule: { type: 'cron', pattern: '0 3 * * 1', timezone: 'Europe/Berlin' },
        hours: null,
        publicConsentAt: '2026-11-26T10:00:00.000Z',
      },
    ]);
  });
});

describe('a file of jobs from version 7', () => {
  it('is read with everything in it, and no saved searches', () => {
    const { config, warning } = readKept('config-7.json');
    expect(warning).toBeNull();
    expect(config.searches).toEqual([]);
    expect(config.sources).toMatchObject([{ name: 'letsencrypt', tags: ['web'] }]);
    expect(config.jobs[0]).toMatchObject({ notes: 'kept by version 7', alerts: { notifyAt: null } });
  });
});

describe('a history from version 1', () => {
  it('is read with its results, its certificates and its alerts', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-1.sqlite'), path);
    const { database, warning } = openDatabase(path);
    const history = new History(database);
    expect(warning).toBeNull();
    const ids = [...history.lastOfAll()].map(([uuid, { status }]) => ({ id: uuid, status }));
    expect(ids.map(({ status }) => status)).toEqual(['warning', 'unreachable']);
    const id = ids[0]?.id ?? '';
    expect(history.list(id, 10, 0)).toMatchObject({
      total: 2,
      items: [
        { checkedAt: '2026-11-24T16:00:00.000Z', missed: 0 },
        { checkedAt: '2026-11-24T10:00:00.000Z' },
      ],
    });
    expect(history.last(id)?.checkedAt).toBe('2026-11-24T16:00:00.000Z');
    // It was not read then.
    expect(history.last(id)?.certificate?.extendedKeyUsage).toBeNull();
    expect(history.sightings(id)).toMatchObject([
      {
        firstSeenAt: '2026-11-24T10:00:00.000Z',
        lastSeenAt: '2026-11-24T16:00:00.000Z',
        subject: 'CN=localhost',
      },
    ]);
    const alerts = new AlertStore(database).list({ limit: 10, offset: 0 });
    expect(alerts).toMatchObject({ total: 1, items: [{ kind: 'expiring', notifiedAt: expect.any(String) }] });
    database.close();
  });
});

describe('a file of jobs from version 2', () => {
  it('is read with everything in it, and with the usual rules of what is alerted', () => {
    const { config, warning } = readKept('config-2.json');
    expect(warning).toBeNull();
    expect(config.settings).toMatchObject({
      retentionDays: 100,
      pause: { until: '2026-11-26T06:00:00.000Z' },
      quietHours: null,
      tagRules: [],
      sound: false,
    });
    expect(config.jobs.map(({ name, tags, alerts }) => [name, tags, alerts])).toEqual([
      ['expiring', ['mail'], inheritedRules],
      ['defaults', [], inheritedRules],
      ['down', [], inheritedRules],
      ['', [], inheritedRules],
    ]);
    expect(config.jobs[0]?.thresholds).toEqual({ warning: { days: 20 }, critical: { days: 3 } });
  });
});

describe('a history from version 2', () => {
  it('is read with its alerts: the newest of each job may still be true, and is not said again', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-2.sqlite'), path);
    const { database, warning } = openDatabase(path);
    const log = new AlertStore(database);
    expect(warning).toBeNull();
    const { items } = log.list({ limit: 10, offset: 0 });
    expect(items.map(({ kind, resolvedAt }) => [kind, resolvedAt])).toEqual([
      ['unreachable', null],
      ['unreachable', '2026-11-24T13:00:00.000Z'],
      ['expiring', null],
      ['expiring', null],
    ]);
    expect(log.unnotified()).toEqual([]);
    const [, , { jobId = '' } = {}] = items;
    const [standing] = log.standing(jobId);
    const [leaf] = new History(database).sightings(jobId);
    expect(standing?.key).toBe(`expiry:${leaf?.fingerprint256}`);
    database.close();
  });
});

describe('a history from version 3', () => {
  it('is read with its results and alerts, and has an outbox', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-3.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const { items } = new AlertStore(database).list({ limit: 10, offset: 0 });
    expect(items).toMatchObject([{ kind: 'unreachable', title: 'localhost:1 is unreachable' }]);
    expect(new History(database).list(items[0]?.jobId ?? '', 10, 0).total).toBe(2);
    const outbox = new Outbox(database);
    outbox.add({ hook: 'ops', key: 'a', title: 'title', payload: '{}' }, 1);
    expect(outbox.due(1, { hooks: [], ids: [] })).toMatchObject([{ hook: 'ops', attempts: 0 }]);
    database.close();
  });
});

describe('a history from version 4', () => {
  it('is read with its alerts and its outbox under the names of now', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-4.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const store = new AlertStore(database);
    const { items } = store.list({ limit: 10, offset: 0 });
    expect(items.map(({ kind, notifiedAt, resolvedAt }) => [kind, notifiedAt, resolvedAt])).toEqual([
      ['problem', null, null],
      ['renewal-overdue', '2026-11-24T10:00:02.000Z', null],
      ['unreachable', '2026-11-24T09:00:02.000Z', '2026-11-24T09:30:00.000Z'],
    ]);
    expect(items[1]?.body).toBe('It says "saidAt": here.');
    expect(store.unnotified().map(({ kind }) => kind)).toEqual(['problem']);
    const payloads = database.prepare('SELECT payload FROM deliveries ORDER BY id').all();
    const [resolved, alert] = payloads.map(({ payload }) => JSON.parse(String(payload)));
    expect(resolved).toMatchObject({
      event: 'resolved',
      alerts: [{ alert: { notifiedAt: expect.any(String), resolvedAt: expect.any(String) } }],
    });
    expect(alert).toMatchObject({
      body: 'It says "saidAt": here.',
      alerts: [{ alert: { kind: 'renewal-overdue', resolvedAt: null } }],
    });
    database.close();
  });
});

describe('a history from version 5', () => {
  it('is read with its alerts under keys that stay, and nothing is notified again that was', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-5.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const store = new AlertStore(database);
    const of = (job: number) =>
      store
        .standing(`0b3d8f86-3c1f-4a7c-9d1c-00000000000${job}`)
        .map(({ key, level, notifiedLevel }) => [key, level, notifiedLevel]);
    expect(of(1)).toEqual([['expiry:AB:CD', 2, 2]]);
    expect(of(2)).toEqual([['expiry:AB:CD', 0, 0]]);
    expect(of(3)).toEqual([
      ['problem:incomplete-chain', 1, null],
      ['expiry:EF', 3, 3],
    ]);
    expect(
      store
        .unnotified()
        .map(({ key }) => key)
        .filter((key) => key !== 'problem:weak-key'),
    ).toContain('problem:incomplete-chain');
    expect(store.unnotified().map(({ key }) => key)).not.toContain('expiry:AB:CD');
    expect(store.memory('0b3d8f86-3c1f-4a7c-9d1c-000000000001')).toMatchObject({
      shown: 'AB:CD',
      failing: { count: 2 },
      flap: null,
    });
    database.close();
  });
});

describe('a history from version 6', () => {
  it('is read with its alerts and memory, and what waits to be delivered goes out in its order', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-6.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const store = new AlertStore(database);
    const job = '0b3d8f86-3c1f-4a7c-9d1c-000000000001';
    expect(store.standing(job).map(({ key, notifiedLevel }) => [key, notifiedLevel])).toEqual([
      ['expiry:AB:CD', 2],
      ['unreachable', 2],
    ]);
    expect(store.memory(job)?.flap).toMatchObject({ turns: 3, looks: 8 });
    const outbox = new Outbox(database);
    const [first] = outbox.due(Number.MAX_SAFE_INTEGER, { hooks: [], ids: [] });
    expect(JSON.parse(first?.payload ?? '')).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    database.close();
  });
});

describe('a history from version 7', () => {
  it('is read with its alerts, of which nobody was reminded yet, and what waits keeps its time', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-7.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const standing = new AlertStore(database).standing('0b3d8f86-3c1f-4a7c-9d1c-000000000001');
    expect(standing.map(({ key, reminders }) => [key, reminders])).toEqual([
      ['expiry:AB:CD', 0],
      ['unreachable', 0],
    ]);
    const outbox = new Outbox(database);
    outbox.hurry('ops', 3);
    expect(outbox.due(899, { hooks: [], ids: [] }).map(({ title }) => title)).not.toContain(
      'a cannot be reached',
    );
    expect(outbox.waiting('a unreachable')).toMatchObject([{ attempts: 1 }]);
    database.close();
  });
});

describe('a history from version 8', () => {
  it('is read with its alerts, and which job shows which certificate is known', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-8.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const store = new AlertStore(database);
    const job = '0b3d8f86-3c1f-4a7c-9d1c-000000000001';
    expect(store.showing('AB:CD', 'another', 10)).toMatchObject([{ job, memory: { partial: null } }]);
    expect(store.showing('AB:CD', job, 10)).toEqual([]);
    database.close();
  });
});

describe('a history of an older version', () => {
  it('is copied to the backups before it is changed, in place of the copy of an earlier change: the way back', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    mkdirSync(folder.file('backups'));
    writeFileSync(folder.file('backups/history-version-3.sqlite'), 'of the update before');
    copyFileSync(kept('history-8.sqlite'), path);
    const before = new DatabaseSync(kept('history-8.sqlite'), { readOnly: true });
    const alerts = before.prepare('SELECT count(*) AS many FROM alerts').get();
    before.close();
    openDatabase(path).database.close();
    expect(readdirSync(folder.file('backups'))).toEqual(['history-version-8.sqlite']);
    const copy = new DatabaseSync(folder.file('backups/history-version-8.sqlite'), { readOnly: true });
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 8 });
    expect(copy.prepare('SELECT count(*) AS many FROM alerts').get()).toEqual(alerts);
    copy.close();
    // An open of today's form makes none.
    rmSync(folder.file('backups'), { recursive: true });
    openDatabase(path).database.close();
    expect(existsSync(folder.file('backups'))).toBe(false);
  });

  it('stays as it was where it cannot be copied', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-8.sqlite'), path);
    writeFileSync(folder.file('backups'), 'no folder');
    expect(() => openDatabase(path)).toThrow(
      /history\.sqlite has to be updated, and cannot be copied to .*backups before that \(EEXIST\)\. Free 1 MB of disk space/,
    );
    const database = new DatabaseSync(path, { readOnly: true });
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 8 });
    database.close();
  });
});

describe('a history from version 9', () => {
  it('is read with its alerts, and keeps runs and finds of searches from then on', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-9.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    expect(new AlertStore(database).list({ limit: 10, offset: 0 }).total).toBeGreaterThan(0);
    const { finds, runs } = new SearchDatabase(database);
    expect([finds.all(null), runs.unfinished()]).toEqual([[], []]);
    database.close();
  });
});

it('every version of the file of jobs before this one is kept and tested', () => {
  for (let version = 1; version < schemaVersion; version += 1)
    expect(JSON.parse(readFileSync(kept(`config-${version}.json`), 'utf8'))).toMatchObject({
      schemaVersion: version,
    });
});

describe('a history from version 10', () => {
  it('is read with its alerts, of which people know, and what waits for channels', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-10.sqlite'), path);
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    const alerts = new AlertStore(database);
    expect(alerts.open()).toMatchObject([{ kind: 'unreachable', released: null, notifiedLevel: 2 }]);
    const waiting = new Outbox(database).list({ limit: 9, offset: 0, state: 'waiting' });
    expect(waiting.items.map(({ hook }) => hook).toSorted()).toEqual([
      ...['chat', 'ops', 'pager', 'push', 'team'],
    ]);
    database.close();
  });

  it.each([
    ['has it though its group was not notified', 'notified_level = NULL', 0],
    ['has it with its reminders', 'notified_level = NULL, reminders = 2', 2],
    [
      'gets it again, since it was snoozed',
      "notified_level = NULL, snoozed = '2026-11-27T00:00:00.000Z'",
      null,
    ],
    ['does not have it', 'notified_level = NULL, notified_at = NULL', null],
    ['gets it again, since it grew worse', 'notified_level = 1', null],
  ])('knows of an alert whether a channel that gets each by itself %s', (_what, change, released) => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    copyFileSync(kept('history-10.sqlite'), path);
    const before = new DatabaseSync(path);
    before.exec(`UPDATE alerts SET ${change}`);
    before.close();
    const { database } = openDatabase(path);
    expect(new AlertStore(database).open()).toMatchObject([{ kind: 'unreachable', released }]);
    database.close();
  });
});
