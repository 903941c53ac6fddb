import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Metrics } from '../../electron/api/metrics/metrics.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';

/**
 * What Grafana reads of a dashboard, as far as it is used here
 * (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/).
 */
const panelSchema = z.object({
  id: z.int(),
  title: z.string().min(1),
  description: z.string().min(1),
  type: z.enum(['stat', 'table', 'timeseries']),
  datasource: z.object({ type: z.literal('prometheus'), uid: z.string() }),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z
    .array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string().optional() }))
    .min(1),
});
const dashboardSchema = z.object({
  title: z.string(),
  uid: z.string().max(40),
  schemaVersion: z.int().min(36),
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.string() })) }),
  panels: z.array(panelSchema),
});

const file = join(import.meta.dirname, '../../docs/examples/fleet/grafana-dashboard.json');
const { panels, templating, uid } = dashboardSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
const variables = templating.list.map(({ name }) => name);

/** The names of a scrape, each with the labels that its series have. */
async function scraped(): Promise<Map<string, Set<string>>> {
  await using test = new TestEngine();
  const metrics = new Metrics(test.engine);
  const leaf = test.ca.issue({ notBeforeDays: -85, notAfterDays: 5 });
  await using server = await serveTls(leaf, [test.ca]);
  test.engine.start();
  const job = jobInputSchema.parse({ target: { host: 'localhost', port: server.port } });
  const { id } = await test.engine.jobs.add(job);
  await test.engine.checks.checkNow(id);
  await test.engine.jobs.acceptances.accept(id, { problem: 'expiring', reason: 'known', until: 'undone' });
  let text = '';
  for await (const piece of metrics.render()) text += piece;
  metrics.close();
  const names = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? \S+$/gim)) {
    const known = names.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(?:^|,)(\w+)="/g)) known.add(label);
    names.set(name, known);
  }
  // What only comes where there is something to say has its name in the help.
  for (const [, name = ''] of text.matchAll(/^# TYPE (\w+) /gm))
    if (!names.has(name)) names.set(name, new Set());
  return names;
}

it('the dashboard asks for metrics and labels that a scrape has', async () => {
  const names = await scraped();
  /** Labels that Prometheus adds at the scrape, and that docs/examples/fleet/prometheus.yml names. */
  const added = ['job', 'site', 'instance'];
  for (const expr of [...expressions, ...templating.list.map(({ query }) => query)]) {
    const used = [...expr.matchAll(/\b(?:notafter|probe|x509|process|nodejs)_\w+/g)].map(([name]) => name);
    if (!expr.startsWith('prometheus')) expect(used.length, expr).toBeGreaterThan(0);
    for (const name of used) expect([...names.keys()], expr).toContain(name);
    for (const [, name = '', matchers = ''] of expr.matchAll(/(\w+)\{([^}]*)\}/g))
      for (const [, label = ''] of matchers.matchAll(/(\w+)=~?"/g))
        expect([...(names.get(name) ?? []), ...added], expr).toContain(label);
  }
});

it('the dashboard has variables for what it asks, panels that do not overlap, and a sentence for each', () => {
  const used = [...readFileSync(file, 'utf8').matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
  expect(new Set(used)).toEqual(new Set(variables));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(uid).toMatch(/^[\w-]+$/);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(24);
    return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
});
