import { expect, it } from 'vitest';
import { type AlertState, alertStateOf, alertStates } from '../../../shared/schema/alert.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

it('lists alerts by their states: each in the one that the page tells it by, and in no other', async () => {
  await using test = new TestEngine();
  await using server = await serveTls(test.ca.issue({ sans: ['other.example'] }));
  test.engine.start();
  const { jobs, alerts, checks } = test.engine;
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three', 'four']) {
    const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
    const { id } = await jobs.add(jobInputSchema.parse({ name, target }));
    await checks.checkNow(id);
    ids.push(id);
  }
  test.clock.advance(60_000);
  const alertOf = (index: number) =>
    alerts.list({ limit: 1, offset: 0, jobId: ids[index] }).items[0]?.id ?? 0;
  alerts.snooze(alertOf(1), 'renewed');
  alerts.acknowledge([alertOf(2)]);
  await jobs.acceptances.accept(ids[3] ?? '', {
    problem: 'hostname-mismatch',
    reason: 'Ticket 7',
    until: 'undone',
  });
  const all = alerts.list({ limit: 100, offset: 0 }).items;
  const byState = new Map<AlertState, number[]>(alertStates.map((state) => [state, []]));
  for (const alert of all) byState.get(alertStateOf(alert))?.push(alert.id);
  const listed = alertStates.map((state) => {
    const { items, total } = alerts.list({ limit: 100, offset: 0, state });
    expect(total).toBe(items.length);
    return [state, items.map(({ id }) => id).sort()] as const;
  });
  expect(listed).toEqual([...byState].map(([state, found]) => [state, found.sort()]));
  expect(Object.fromEntries(listed.map(([state, found]) => [state, found.length]))).toMatchObject({
    open: 1,
    snoozed: 1,
    acknowledged: 1,
    resolved: 1,
  });
});

it('names the jobs whose open alerts are all snoozed', async () => {
  await using test = new TestEngine();
  // Each shows two problems, and so has two alerts.
  await using server = await serveTls(
    test.ca.issue({ sans: ['other.example'], notBeforeDays: -87, notAfterDays: 3 }),
  );
  test.engine.start();
  const { jobs, alerts, checks } = test.engine;
  const add = async (name: string) => {
    const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
    const { id } = await jobs.add(jobInputSchema.parse({ name, target }));
    await checks.checkNow(id);
    const ids = alerts
      .list({ limit: 10, offset: 0, jobId: id, state: 'open' })
      .items.map((alert) => alert.id);
    expect(ids).toHaveLength(2);
    return { id, ids };
  };
  const [all, some, rest, none] = [await add('all'), await add('some'), await add('rest'), await add('none')];
  for (const id of [...all.ids, ...some.ids.slice(0, 1), ...rest.ids.slice(0, 1)])
    alerts.snooze(id, 'renewed');
  alerts.acknowledge(rest.ids.slice(1));
  expect(alerts.snoozedJobs().sort()).toEqual([all.id, rest.id].sort());
  expect(alerts.snoozedJobs()).not.toContain(none.id);
});
