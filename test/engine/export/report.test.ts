import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../electron/engine/export/report/build-report.ts';
import { reportSummary, reportWriters } from '../../../electron/engine/export/report/write-report.ts';
import type { JobStanding } from '../../../electron/engine/jobs/job-query.ts';
import { type JobStatus, jobInputSchema, type LastCheck } from '../../../shared/schema/job.ts';

const now = Date.parse('2026-11-26T08:00:00Z');
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(now + days * dayMs).toISOString();

interface Given {
  status?: JobStatus;
  name?: string;
  tags?: string[];
  paused?: boolean;
  check?: Partial<LastCheck> | null;
}

/** A job and what is known of it, as the engine lists it. */
function standing(host: string, { status = 'ok', name = '', tags = [], paused = false, check }: Given = {}) {
  const input = jobInputSchema.parse({ target: { host }, paused });
  const lastCheck: LastCheck | null =
    check === null
      ? null
      : {
          checkedAt: inDays(-0.1),
          status: status === 'pending' ? 'ok' : status,
          problems: [],
          validFrom: inDays(-30),
          validTo: inDays(300),
          expiresAt: inDays(300),
          limitedBy: null,
          fingerprint256: 'AA',
          issuer: 'Example CA',
          keywords: host,
          missed: 0,
          expectedRenewalAt: null,
          renewalOverdueAt: null,
          ...check,
        };
  // Control characters in names and tags are refused today; what writes one must not rely on that.
  const job = {
    ...input,
    name,
    tags,
    id: host,
    origin: null,
    createdAt: inDays(-60),
    updatedAt: inDays(-60),
  };
  return { job, status, lastCheck } satisfies JobStanding;
}

const problem = (severity: 'warning' | 'critical', message: string, accepted?: true) => ({
  code: 'weak-key' as const,
  severity,
  message,
  ...(accepted ? { accepted } : {}),
});

const never = () => null;
const build = (standings: readonly JobStanding[], over: Partial<Parameters<typeof buildReport>[1]> = {}) =>
  buildReport(standings, { now, days: 90, tag: null, changedAt: never, ...over });
const shape = ({ sections }: ReturnType<typeof build>) =>
  Object.fromEntries(sections.map(({ section, rows }) => [section, rows.map(({ name }) => name)]));

describe('the report', () => {
  it('puts each host in the first section that fits, worst first, and leaves out what needs nothing', () => {
    const report = build([
      standing('fine'),
      standing('later', { check: { expiresAt: inDays(60) } }),
      standing('month', { check: { expiresAt: inDays(29.5) } }),
      standing('week', { status: 'warning', check: { expiresAt: inDays(6.9) } }),
      standing('sooner', { status: 'warning', check: { expiresAt: inDays(2) } }),
      standing('overdue', {
        status: 'warning',
        check: { expiresAt: inDays(20), renewalOverdueAt: inDays(-1) },
      }),
      standing('gone', { status: 'critical', check: { expiresAt: inDays(-2) } }),
      standing('down', { status: 'unreachable', check: { expiresAt: inDays(200) } }),
      standing('weak', { status: 'critical', check: { problems: [problem('critical', 'Weak key.')] } }),
      standing('new', { status: 'pending', check: null }),
    ]);
    expect(shape(report)).toEqual({
      expired: ['gone'],
      'renewal-overdue': ['overdue'],
      'within-7-days': ['sooner', 'week'],
      'within-30-days': ['month'],
      later: ['later'],
      unreachable: ['down'],
      problems: ['weak'],
    });
    expect(Object.keys(shape(report))[0]).toBe('expired');
    expect(report).toMatchObject({ watched: 10, pending: 1, paused: 0, lastCheckedAt: inDays(-0.1) });
    expect(reportSummary(report)).toBe(
      '1 expired, 5 expire within 90 days, 2 with other problems. 10 certificates watched.',
    );
  });

  it('has an unreachable host that expires soon where its date puts it', () => {
    const report = build([standing('down', { status: 'unreachable', check: { expiresAt: inDays(3) } })]);
    expect(shape(report)).toEqual({ 'within-7-days': ['down'] });
  });

  it('is limited to a tag, and names the owner by the tag owner:', () => {
    const report = build(
      [
        standing('one', { tags: ['shop', 'owner:web team'], check: { expiresAt: inDays(1) } }),
        standing('two', { check: { expiresAt: inDays(1) } }),
      ],
      { tag: 'shop' },
    );
    expect(report.watched).toBe(1);
    expect(report.sections[0]?.rows[0]).toMatchObject({ owner: 'web team', daysLeft: 1 });
  });

  it('counts an accepted problem neither as a section nor in the note', () => {
    const check = { problems: [problem('critical', 'Accepted.', true)] };
    expect(shape(build([standing('one', { check })]))).toEqual({});
  });

  it('lists what changed within a week beside its section', () => {
    const changedAt = (id: string) => (id === 'old' ? now - 8 * dayMs : now - 2 * dayMs);
    const report = build([standing('old'), standing('fresh', { check: { expiresAt: inDays(3) } })], {
      changedAt,
    });
    expect(shape(report)).toEqual({ 'within-7-days': ['fresh'], changed: ['fresh'] });
    expect(report.sections.at(-1)?.rows[0]?.note).toBe('Changed on 2026-11-24');
  });

  it('says so where nothing expires', () => {
    expect(reportWriters.text.write(build([standing('fine')]))).toMatch(
      /^Nothing expires within 90 days\. 1 certificate watched\.\n\nCreated 2026-11-26 08:00 UTC\. Last check/,
    );
  });
});

describe('the formats of the report', () => {
  const many = build(
    Array.from({ length: 1200 }, (_, index) =>
      standing(`host-${index}.example.com`, { check: { expiresAt: inDays((index % 80) + 0.5) } }),
    ),
  );
  const hostile = build([
    standing('x.example.com', {
      name: '<img src=x onerror=alert(1)>"\u001b[31m=cmd()',
      tags: ['owner:x;=cmd() \u202e'],
      check: { expiresAt: inDays(-1.5), issuer: '=HYPERLINK("http://x")</td>' },
    }),
  ]);

  it('are cut to 500 rows for people, and whole for programs', () => {
    const html = reportWriters.html.write(many);
    expect(html.match(/<tr><td>/g)).toHaveLength(500);
    expect(html).toContain('700 more rows in the CSV.');
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(reportWriters.text.write(many)).toContain('700 more rows in the CSV.');
    const rows: Record<string, string>[] = parse(reportWriters.csv.write(many), { columns: true, bom: true });
    expect(rows).toHaveLength(1200);
    expect(rows[0]).toMatchObject({ section: 'within-7-days', 'days left': '0' });
    expect(JSON.parse(reportWriters.json.write(many))).toEqual(many);
  });

  it('escape what others wrote', () => {
    const html = reportWriters.html.write(hostile);
    expect(html).not.toMatch(/<img|<script|<b>|<\/td><\/td>/);
    expect(html).not.toMatch(/<[^>]*\b(?:href|src|style)=|url\(/);
    expect(reportWriters.text.write(hostile)).not.toMatch(/\u001b/);
    const [row]: Record<string, string>[] = parse(reportWriters.csv.write(hostile), {
      columns: true,
      bom: true,
    });
    expect(row?.['issuer']).toMatch(/^'=HYPERLINK/);
    expect(row?.['owner']).toBe("x;'=cmd() \\u{202e}");
    // A day and a half ago, which sentences call a day.
    expect(row?.['days left']).toBe('-1');
  });
});
