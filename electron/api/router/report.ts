import { os } from './base.ts';

/** Writes the report of what expires and what needs attention. */
export const reportHandler = os.report.handler(async ({ input, context: { engine } }) => {
  const { days, tag = null, format } = input;
  const [{ buildReport }, { reportWriters }] = await Promise.all([
    import('../../engine/export/report/build-report.ts'),
    import('../../engine/export/report/write-report.ts'),
  ]);
  const times = engine.results.changeTimes();
  const changedAt = (id: string) => times.get(id) ?? null;
  const report = buildReport(engine.jobs.withStatus(), { now: engine.now(), days, tag, changedAt });
  if (format === 'pdf') {
    const printed = await engine.reports.print(reportWriters.html.write(report));
    return new File([printed], 'certificates.pdf', { type: 'application/pdf' });
  }
  const { mime, fileName, write } = reportWriters[format];
  return new File([write(report)], fileName, { type: mime });
});
