import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ReportService } from '../../../electron/engine/reports/report-service.ts';
import { ReportTimes } from '../../../electron/engine/reports/report-times.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type ReportSchedule, reportScheduleSchema } from '../../../shared/schema/report-schedule.ts';
import { settingsPatchSchema, settingsSchema, shownSettingsSchema } from '../../../shared/schema/settings.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { serveSmtp } from '../../support/smtp-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KeptLog, TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

/** Thursday. */
const now = Date.parse('2026-11-26T10:00:00Z');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const schedule = (more: Record<string, unknown>) =>
  reportScheduleSchema.parse({ name: 'weekly', timezone: 'Europe/Berlin', ...more });
const waiting = ({ engine }: TestEngine) => engine.channels.list({ limit: 99, offset: 0 });

/** An engine with a host whose certificate ends in five days. */
async function expiring() {
  const test = new TestEngine({ now });
  const server = await serveTls(test.ca.issue({ now, notAfterDays: 5 }));
  const target = { host: 'localhost', port: server.port };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target, name: 'Shop <b>' }));
  await test.engine.checks.checkNow(id);
  return {
    test,
    engine: test.engine,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe('a scheduled report', () => {
  it('reaches a mailbox as HTML, text and CSV, at its time in its zone', async () => {
    await using mail = await serveSmtp();
    await using site = await expiring();
    const { test, engine } = site;
    const server = { host: '127.0.0.1', port: mail.port, security: 'none' };
    const channel = { type: 'email', name: 'ops', ...server, from: 'na@x.test', to: ['ops@x.test'] };
    await engine.settings.edit(settingsPatchSchema.parse({ channels: [channel] }));
    engine.start();
    expect(await engine.reports.add(schedule({ channels: ['ops'] }))).toMatchObject({
      // Monday at 08:00 in Berlin.
      ...{ nextAt: '2026-11-30T07:00:00.000Z', lastAt: null, problem: null },
    });
    test.clock.advance(Date.parse('2026-11-30T06:59:00Z') - now);
    expect(waiting(test).items.filter(({ title }) => /report/.test(title))).toEqual([]);
    test.clock.advance(60_000);
    const report = () => mail.messages.find((one) => /Subject: Certificate report: weekly/.test(one.data));
    await expect.poll(report, { timeout: 10_000 }).toBeDefined();
    const { data = '' } = report() ?? {};
    expect(data).toContain('Auto-Submitted: auto-generated');
    for (const type of ['text/plain', 'text/html', 'text/csv'])
      expect(data).toContain(`Content-Type: ${type}`);
    expect(data).toContain('filename=certificates.csv');
    expect(data).toContain('Shop &lt;b&gt;');
    expect(engine.reports.get('weekly')).toMatchObject({
      ...{ nextAt: '2026-12-07T07:00:00.000Z', lastAt: '2026-11-30T07:00:00.000Z', problem: null },
    });
  });

  it('is one message of a chat by itself, with the hosts that expire', async () => {
    await using chat = await receiveChannels(() => ({ status: isUp ? 200 : 503 }));
    let isUp = false;
    await using site = await expiring();
    const { test, engine } = site;
    await engine.settings.edit(
      settingsPatchSchema.parse({
        channels: [{ type: 'slack', name: 'chat', url: `${chat.url}/x` }],
        reports: [schedule({ channels: ['chat'] }), schedule({ name: 'other', channels: ['chat'] })],
      }),
    );
    engine.start();
    // While the chat is down, both reports wait; neither becomes part of another message.
    for (const name of ['weekly', 'other'])
      expect(await engine.reports.send(name)).toEqual({ channels: ['chat'], file: null, problem: null });
    await expect.poll(() => chat.received.length).toBeGreaterThan(0);
    isUp = true;
    const texts = () =>
      chat.received.map(({ body }) => String(body['text'])).filter((text) => /Certificate report/.test(text));
    await expect
      .poll(() => {
        test.clock.advance(hourMs);
        return waiting(test).total;
      })
      .toBe(0);
    for (const name of ['weekly', 'other'])
      expect(texts().find((text) => text.includes(`Certificate report: ${name}`))).toMatch(
        /1 expires within 90 days[\s\S]*Shop .*: expire within 7 days, 2026-12-01/,
      );
  });

  it('is made once for times that were missed, after a restart too, and not twice', async () => {
    await using test = new TestEngine({ now });
    mkdirSync(test.folder.file('out'));
    test.engine.start();
    await test.engine.reports.add(schedule({ folder: test.folder.file('out'), pattern: '0 8 * * *' }));
    const files = () => readdirSync(test.folder.file('out')).toSorted();
    await test.restart(3 * dayMs);
    await expect.poll(files).toEqual(['certificates-weekly-2026-11-29.html']);
    await test.restart(hourMs);
    expect(test.engine.reports.get('weekly')).toMatchObject({
      lastAt: '2026-11-29T10:00:00.000Z',
      nextAt: '2026-11-30T07:00:00.000Z',
    });
    test.clock.advance(dayMs);
    await expect.poll(files).toHaveLength(2);
  });

  it('keeps its hour over the changes of summer time', async () => {
    await using test = new TestEngine({ now: Date.parse('2027-03-26T12:00:00Z') });
    mkdirSync(test.folder.file('out'));
    const { engine } = test;
    engine.start();
    await engine.reports.add(schedule({ folder: test.folder.file('out'), pattern: '0 8 * * *' }));
    expect(engine.reports.get('weekly')?.nextAt).toBe('2027-03-27T07:00:00.000Z');
    test.clock.advance(dayMs);
    await expect.poll(() => engine.reports.get('weekly')?.nextAt).toBe('2027-03-28T06:00:00.000Z');
  });

  it('is not sent empty where that is not wanted, and is otherwise', async () => {
    await using test = new TestEngine({ now });
    mkdirSync(test.folder.file('out'));
    const { engine } = test;
    engine.start();
    const folder = test.folder.file('out');
    await engine.reports.add(schedule({ name: 'quiet', folder, sendEmpty: false, pattern: '0 9 * * *' }));
    await engine.reports.add(schedule({ name: 'always', folder, pattern: '0 9 * * *', format: 'text' }));
    test.clock.advance(dayMs);
    await expect.poll(() => engine.reports.get('quiet')?.lastAt).not.toBeNull();
    await expect
      .poll(() => readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8')))
      .toEqual([expect.stringMatching(/^Nothing expires within 90 days\. 0 certificates watched\./)]);
  });

  it.each([
    ['html', 'html', '<!doctype html>'],
    ['text', 'txt', '1 expires within'],
    ['csv', 'csv', '\ufeffsection,name'],
    ['json', 'json', '{'],
  ])('is written to a folder as %s', async (format, extension, start) => {
    await using site = await expiring();
    const { test, engine } = site;
    const folder = test.folder.file('out');
    mkdirSync(folder);
    await engine.reports.add(schedule({ name: 'a/../b c', folder, format }));
    const sent = await engine.reports.send('a/../b c');
    expect(sent).toEqual({
      ...{ channels: [], problem: null },
      file: `${folder}/certificates-a-b-c-2026-11-26.${extension}`,
    });
    expect(readFileSync(sent?.file ?? '', 'utf8').startsWith(start)).toBe(true);
    // The same day again replaces it, also where a link took its place meanwhile.
    writeFileSync(test.folder.file('other'), 'kept');
    await engine.reports.send('a/../b c');
    expect(readdirSync(folder)).toHaveLength(1);
    symlinkSync(test.folder.file('other'), `${folder}/certificates-link-2026-11-26.${extension}`);
    await engine.reports.add(schedule({ name: 'link', folder, format }));
    await engine.reports.send('link');
    expect(readFileSync(test.folder.file('other'), 'utf8')).toBe('kept');
  });

  it('says what failed: a channel that is gone or off, a folder that is gone', async () => {
    await using site = await expiring();
    const { test, engine } = site;
    const folder = test.folder.file('out');
    mkdirSync(folder);
    const ntfy = { type: 'ntfy', name: 'phone', url: 'http://127.0.0.1:9', topic: 'a', enabled: false };
    await engine.settings.edit(settingsPatchSchema.parse({ channels: [ntfy] }));
    await engine.reports.add(schedule({ channels: ['phone', 'none'], folder }));
    expect(await engine.reports.send('weekly')).toMatchObject({
      channels: [],
      problem: 'phone is off, is gone or takes no reports. none is off, is gone or takes no reports.',
    });
    await engine.reports.edit('weekly', { channels: [] });
    // Its place is taken by a file.
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(await engine.reports.send('weekly')).toMatchObject({
      file: null,
      problem: `There is no folder ${folder}.`,
    });
    expect(engine.reports.get('weekly')?.problem).toBe(`There is no folder ${folder}.`);
  });

  it('that fails is made again at its next time and not before, and is sent once', async () => {
    const clock = new ManualClock(now);
    const log = new KeptLog();
    using folder = temporaryFolder();
    const report = schedule({ channels: ['ops'], pattern: '0 * * * *' });
    const attempts: string[] = [];
    let isBroken = true;
    const service = new ReportService({
      ...{ clock, log },
      times: new ReportTimes(folder.file('reports.json'), log),
      rules: { settings: settingsSchema.parse({ reports: [report] }) },
      settings: { edit: async (patch) => shownSettingsSchema.parse({ webhooks: [], ...patch }) },
      printPdf: null,
      source: { standings: () => [], changeTimes: () => new Map() },
      channels: {
        report: (message) => {
          attempts.push(message.id);
          if (isBroken) throw new Error('It was queued, and then the disk was full.');
          return ['ops'];
        },
      },
    });
    service.start();
    clock.advance(hourMs);
    await expect.poll(() => service.get('weekly')?.problem).toMatch(/^NotAfter could not make it/);
    for (let minute = 0; minute < 59; minute += 1) {
      clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(attempts).toHaveLength(1);
    expect(log.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    isBroken = false;
    clock.advance(60_000);
    await expect.poll(() => service.get('weekly')).toMatchObject({ problem: null });
    expect(attempts).toHaveLength(2);
    await service.stop();
  });

  it('comes at its times after it was sent by hand, also where settings were saved meanwhile', async () => {
    let print = Promise.withResolvers<void>();
    let made = 0;
    const printPdf = async () => {
      made += 1;
      await print.promise;
      return new Uint8Array(Buffer.from('%PDF-1.4'));
    };
    await using test = new TestEngine({ now, printPdf });
    const { engine, clock } = test;
    engine.start();
    await engine.reports.add(schedule({ folder: test.folder.path, format: 'pdf', pattern: '0 * * * *' }));
    const sent = engine.reports.send('weekly');
    await expect.poll(() => made).toBe(1);
    await engine.settings.edit({ retentionDays: 99 });
    print.resolve();
    await sent;
    print = Promise.withResolvers<void>();
    print.resolve();
    clock.advance(hourMs);
    await expect.poll(() => made).toBe(2);
  });

  it('is made after the next start where NotAfter stops while it is printed', async () => {
    let made = 0;
    const printPdf = () => {
      made += 1;
      return made === 1
        ? new Promise<never>(() => undefined)
        : Promise.resolve(new Uint8Array(Buffer.from('%PDF-1.4')));
    };
    await using test = new TestEngine({ now, printPdf });
    const folder = test.folder.file('out');
    mkdirSync(folder);
    test.engine.start();
    await test.engine.reports.add(schedule({ folder, format: 'pdf', pattern: '0 0 1 * *' }));
    test.clock.set(Date.parse('2026-12-01T00:00:00Z'));
    test.engine.reports.wake();
    await expect.poll(() => made).toBe(1);
    await test.restart(60_000);
    await expect.poll(() => readdirSync(folder)).toEqual(['certificates-weekly-2026-12-01.pdf']);
    await expect.poll(() => test.engine.reports.get('weekly')?.problem).toBe(null);
    expect(test.engine.reports.get('weekly')?.lastAt).toBe('2026-12-01T00:01:00.000Z');
    await test.restart(60_000);
    expect(made).toBe(2);
  });

  it('keeps its times under a new name, also while it is made', async () => {
    await using test = new TestEngine({ now });
    const folder = test.folder.file('out');
    mkdirSync(folder);
    const { engine } = test;
    engine.start();
    await engine.reports.add(schedule({ folder }));
    await engine.reports.send('weekly');
    const { lastAt } = engine.reports.get('weekly') ?? {};
    expect(lastAt).toBe('2026-11-26T10:00:00.000Z');
    test.clock.advance(1_000);
    expect(await engine.reports.edit('weekly', { name: 'monday' })).toMatchObject({ lastAt });
    const sent = engine.reports.send('monday');
    await engine.reports.edit('monday', { name: 'first day' });
    await sent;
    expect(engine.reports.get('first day')?.lastAt).toBe('2026-11-26T10:00:01.000Z');
    await test.restart();
    expect(test.engine.reports.get('first day')?.lastAt).toBe('2026-11-26T10:00:01.000Z');
    // As the page does.
    await test.engine.settings.edit({ reports: [schedule({ folder, name: 'last' })] });
    expect(test.engine.reports.get('last')?.lastAt).toBe('2026-11-26T10:00:01.000Z');
  });

  it('takes edits that come at once, and only one report of a name', async () => {
    await using test = new TestEngine({ now });
    const folder = test.folder.file('out');
    mkdirSync(folder);
    const { reports } = test.engine;
    const added = await Promise.allSettled([
      reports.add(schedule({ folder })),
      reports.add(schedule({ folder })),
    ]);
    expect(added).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { name: 'ReportNameTakenError' } },
    ]);
    await Promise.all([reports.edit('weekly', { days: 30 }), reports.edit('weekly', { tag: 'shop' })]);
    expect(reports.get('weekly')).toMatchObject({ days: 30, tag: 'shop' });
  });

  it('has files of its own beside reports whose names differ in signs, case or composition alone', async () => {
    await using test = new TestEngine({ now });
    const folder = test.folder.file('out');
    mkdirSync(folder);
    const { reports } = test.engine;
    const names = ['Team A', 'Team-A', 'team a', 'Café', 'Cafe\u0301', 'alone'];
    for (const name of names) await reports.add(schedule({ name, folder, format: 'text' }));
    const files: string[] = [];
    for (const name of names) files.push((await reports.send(name))?.file ?? '');
    const alike = files.map((file) => file.normalize('NFC').toLowerCase());
    expect(new Set(alike).size).toBe(names.length);
    expect(readdirSync(folder)).toHaveLength(names.length);
    expect(files.at(-1)).toBe(`${folder}/certificates-alone-2026-11-26.txt`);
    // It is called so the next time, too.
    expect((await reports.send('Team A'))?.file).toBe(files[0]);
  });

  it('is printed to a PDF where something can print, and says so elsewhere', async () => {
    const printed: string[] = [];
    const print = async (html: string) => {
      printed.push(html);
      return new Uint8Array(Buffer.from('%PDF-1.4'));
    };
    await using desktop = new TestEngine({ now, printPdf: print });
    const folder = desktop.folder.file('out');
    mkdirSync(folder);
    await desktop.engine.reports.add(schedule({ folder, format: 'pdf' }));
    const sent = await desktop.engine.reports.send('weekly');
    expect(sent).toMatchObject({ file: `${folder}/certificates-weekly-2026-11-26.pdf`, problem: null });
    expect(readFileSync(sent?.file ?? '', 'utf8')).toBe('%PDF-1.4');
    expect(printed).toEqual([expect.stringMatching(/^<!doctype html>/)]);
    await using headless = new TestEngine({ now });
    const { reports, settings } = headless.engine;
    await expect(reports.add(schedule({ folder, format: 'pdf' }))).rejects.toMatchObject({
      field: 'format',
      message: expect.stringContaining('Only the desktop app makes PDF files.'),
    });
    // The page and a script edit the list of the settings.
    const page = schedule({ folder, name: 'html' });
    await settings.edit({ reports: [page] });
    const both = [page, schedule({ folder, format: 'pdf' })];
    await expect(settings.edit({ reports: both })).rejects.toMatchObject({
      field: 'reports.1.format',
      message: expect.stringContaining('Only the desktop app makes PDF files.'),
    });
    await expect(settings.edit({ reports: [{ ...page, format: 'pdf' }] })).rejects.toMatchObject({
      field: 'reports.0.format',
    });
    await expect(reports.edit('html', { format: 'pdf' })).rejects.toMatchObject({ field: 'format' });
    expect(settings.current.reports).toEqual([page]);
  });

  it('of a desktop’s export says on a service that nothing prints it, and can be renamed and turned off there', async () => {
    await using headless = new TestEngine({ now });
    const folder = headless.folder.file('out');
    mkdirSync(folder);
    const { reports, settings, imports } = headless.engine;
    const imported = [schedule({ folder, format: 'pdf' }), schedule({ folder, name: 'html' })];
    await imports.commit({
      settings: { reports: imported },
      ...{ sources: [], searches: [], jobs: [], tags: new Map() },
    });
    expect((await reports.send('weekly'))?.problem).toMatch(/^Only the desktop app makes PDF files\./);
    const [pdf, html] = imported as [ReportSchedule, ReportSchedule];
    await settings.edit({ reports: [{ ...pdf, name: 'printed' }, html] });
    await settings.edit({
      reports: [
        { ...pdf, name: 'printed' },
        { ...html, days: 30 },
      ],
    });
    expect(await reports.edit('printed', { enabled: false })).toMatchObject({
      enabled: false,
      format: 'pdf',
    });
  });

  it('follows a channel to its new name', async () => {
    await using test = new TestEngine({ now });
    const { engine } = test;
    const ntfy = { type: 'ntfy', name: 'phone', url: 'http://127.0.0.1:9', topic: 'a' };
    await engine.settings.edit(settingsPatchSchema.parse({ channels: [ntfy, { ...ntfy, name: 'other' }] }));
    await engine.reports.add(schedule({ channels: ['other', 'phone'] }));
    await engine.channelEditor.edit('phone', { name: 'mobile' });
    expect(engine.reports.get('weekly')?.channels).toEqual(['other', 'mobile']);
    const [first, second] = engine.settings.current.channels as [Channel, Channel];
    await engine.settings.edit({ channels: [first, { ...second, name: 'other one' }] });
    expect(engine.reports.get('weekly')?.channels).toEqual(['other one', 'mobile']);
  });

  it.each([
    ['neither channel nor folder', {}, 'channels'],
    ['a folder that is none', { folder: '/nowhere/at/all' }, 'folder'],
    ['a relative folder', { folder: 'reports' }, 'folder'],
  ])('is refused with %s', async (_what, more, field) => {
    await using test = new TestEngine({ now });
    await expect(test.engine.reports.add(schedule(more))).rejects.toMatchObject({ field });
    expect(test.engine.reports.list()).toEqual([]);
  });

  it('is refused with a pattern or zone that is none, by the schema', () => {
    for (const [given, path] of [
      [{ pattern: 'often' }, 'pattern'],
      [{ timezone: 'Mars/Olympus' }, 'timezone'],
      [{ days: 5 }, 'days'],
    ] as const)
      expect(reportScheduleSchema.safeParse({ name: 'x', ...given }).error?.issues).toMatchObject([
        { path: [path] },
      ]);
  });
});
