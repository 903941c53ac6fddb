import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readHistoryFile } from '../../../electron/engine/alerts/simulation/history-file.ts';
import { type SimulatedNotification, Stage } from '../../../electron/engine/alerts/simulation/simulator.ts';
import { runNotafter } from '../../support/service.ts';
import { incidentDay, simulateYear, yearBegins } from '../../support/simulated-year.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const seed = Number(process.env['NOTAFTER_SEED'] ?? 27);
/** What the incident brings may be told on its day and the one after. */
const isOfIncident = (at: number) => {
  const day = (at - yearBegins) / dayMs;
  return day >= incidentDay && day < incidentDay + 2;
};

it(`a year of 500 hosts (seed ${seed}) is told in few words, with no expiry missed and no false alarm`, async () => {
  const year = simulateYear(seed);
  const text = year.lines.join('\n');
  const said: SimulatedNotification[] = [];
  const stage = new Stage((what) => said.push(what), { ages: true });
  for (const entry of readHistoryFile(text)) stage.play(entry);
  stage.finish();

  const outside = said.filter(({ at }) => !isOfIncident(at));
  expect(outside.length).toBeLessThanOrEqual(400);
  expect(outside.length).toBeGreaterThan(100);
  for (const { at } of said)
    expect(said.filter((one) => one.at >= at && one.at < at + hourMs).length).toBeLessThanOrEqual(10);

  const alerts = stage.log.list({ limit: 100_000, offset: 0 }).items;
  const told = alerts.filter(({ notifiedAt }) => notifiedAt !== null);
  const hostsOf = (...kinds: string[]) =>
    new Set(told.filter(({ kind }) => kinds.includes(kind)).map(({ jobId }) => jobId));
  // Each certificate that expired while it was shown was told, and no other.
  expect(year.expiring.size).toBeGreaterThan(0);
  expect([...hostsOf('expired')].sort()).toEqual([...year.expiring].sort());
  // No host that is renewed as it should be was said to expire or to be overdue.
  const healthy = [...hostsOf('expiring', 'renewal-overdue')].filter((host) => !year.isNearExpiry.has(host));
  expect(healthy).toEqual([]);
  // Certificates changed unexpectedly in the incident alone; that a delivery network has many is a remark of its first days.
  const firstDays = yearBegins + 5 * dayMs;
  const changed = told
    .filter(({ kind, raisedAt }) => kind === 'changed' && !isOfIncident(Date.parse(raisedAt)))
    .filter(({ jobId, raisedAt }) => jobId !== 'cdn.example' || Date.parse(raisedAt) > firstDays);
  expect(changed).toEqual([]);
  expect(hostsOf('unstable').size).toBe(0);

  using folder = temporaryFolder();
  writeFileSync(folder.file('year.jsonl'), text);
  const { status, stdout } = await runNotafter('replay', '--json', folder.file('year.jsonl'));
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(said.length);
}, 600_000);
