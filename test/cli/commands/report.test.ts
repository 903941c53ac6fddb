import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Report, reportSchema } from '../../../shared/schema/report.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../../support/tls-server.ts';

const folder = temporaryFolder();
const ca = makeCa();
let service: Service;
let server: TestServer;

beforeAll(async () => {
  writeFileSync(folder.file('ca.pem'), ca.pem);
  server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5 }), [ca]);
  service = await Service.start(folder.path, '--ca', folder.file('ca.pem'));
  const added = ['jobs', 'add', `localhost:${server.port}`, '--name', 'Shop', '--data', folder.path];
  expect((await runNotafter(...added)).status).toBe(0);
  expect((await runNotafter('jobs', 'check', '--all', '--data', folder.path)).status).toBe(2);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await server.close();
  folder[Symbol.dispose]();
});

const report = (...args: string[]) => runNotafter('report', ...args, '--data', folder.path);

describe('notafter report', () => {
  it('prints what expires, for people and for programs', async () => {
    const { stdout, status } = await report();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1 expires within 90 days\. 1 certificate watched\./);
    expect(stdout).toContain(`Shop (localhost:${server.port})`);
    const json: Report = reportSchema.parse(JSON.parse((await report('--format', 'json')).stdout));
    expect(json.sections[0]).toMatchObject({ section: 'within-7-days', rows: [{ name: 'Shop' }] });
  });

  it('writes a file that only its owner reads, and says where it cannot', async () => {
    const path = folder.file('report.html');
    expect((await report('--format', 'html', '--output', path)).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toMatch(/^<!doctype html>[\s\S]*Shop/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await report('--output', folder.path)).toMatchObject({
      status: 64,
      stderr: `notafter: ${folder.path} is a folder, not a file.\n`,
    });
  });

  it('wants a file for a PDF, which a service does not make', async () => {
    expect(await report('--format', 'pdf')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('Add --output FILE.'),
    });
    const path = folder.file('report.pdf');
    expect(await report('--format', 'pdf', '--output', path)).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('Only the desktop app makes PDF files.'),
    });
    expect(existsSync(path)).toBe(false);
  });

  it('sends a scheduled report, and says what of it failed', async () => {
    const out = folder.file('out');
    mkdirSync(out);
    await service.call('POST', '/reports', { name: 'weekly', folder: out, format: 'csv' });
    const sent = await report('--send', 'weekly');
    expect(sent).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Wrote .*weekly.*\.csv\.\n$/) });
    expect(readFileSync(sent.stdout.slice('Wrote '.length, -2), 'utf8')).toContain('Shop');
    await service.call('PATCH', '/reports/weekly', { channels: ['gone'] });
    expect(await report('--send', 'weekly')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/gone is off, is gone or takes no reports\.\n$/),
    });
    expect(await report('--send', 'none')).toMatchObject({
      status: 66,
      stderr: expect.stringContaining('No report has this name.'),
    });
  });

  it.each([
    ['days', ['--days', '3']],
    ['a format', ['--format', 'pdf']],
  ])('refuses %s that it does not know', async (_, args) => {
    expect((await report(...args)).status).toBe(64);
  });
});
