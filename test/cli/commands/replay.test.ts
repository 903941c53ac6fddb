import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  HistoryFileError,
  readHistoryFile,
} from '../../../electron/engine/alerts/simulation/history-file.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const certificate = { validFrom: '2026-09-01T00:00:00Z', validTo: '2026-11-30T00:00:00Z' };
const lines = [
  { job: { host: 'www.example.com', name: 'The shop' } },
  { at: '2026-10-01T10:00:00Z', host: 'www.example.com', certificate },
  { at: '2026-11-01T10:00:00Z', host: 'www.example.com', certificate },
  { at: '2026-11-24T10:00:00Z', host: 'www.example.com', certificate },
];
const jsonLines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('notafter replay', () => {
  it('prints the notifications that would have been sent', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('history.jsonl'), `# written by hand\n\n${jsonLines(lines)}\n`);
    const { status, stdout, stderr } = await runNotafter('replay', folder.file('history.jsonl'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => /^\d/.test(line))).toEqual([
      '2026-11-07 12:00  warning   The shop expires in 22 days',
      '2026-11-23 00:00  critical  The shop expires in 6 days',
    ]);
  });
  it('lets the certificate of an unreachable host age between its checks', async () => {
    using folder = temporaryFolder();
    const unreachable = 'Nothing listens on port 443.';
    const rare = [
      { at: '2026-10-01T10:00:00Z', host: 'www.example.com', certificate },
      { at: '2026-11-01T10:00:00Z', host: 'www.example.com', unreachable },
      { at: '2026-12-01T10:00:00Z', host: 'www.example.com', unreachable },
    ];
    writeFileSync(folder.file('history.jsonl'), jsonLines(rare));
    const { stdout } = await runNotafter('replay', folder.file('history.jsonl'));
    expect(stdout.split('\n').filter((line) => /^2026-11-(07|23|30) /.test(line))).toEqual([
      '2026-11-07 12:00  warning   www.example.com expires in 22 days',
      '2026-11-23 00:00  critical  www.example.com expires in 6 days',
      '2026-11-30 00:00  critical  www.example.com expired less than a minute ago',
    ]);
  });
  it('prints JSON lines, and says where there are none', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('history.jsonl'), jsonLines(lines));
    const { stdout } = await runNotafter('replay', '--json', folder.file('history.jsonl'));
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: 'alert', severity: 'warning', title: 'The shop expires in 22 days' },
      { type: 'alert', severity: 'critical' },
    ]);
    writeFileSync(folder.file('calm.jsonl'), jsonLines(lines.slice(0, 2)));
    expect((await runNotafter('replay', folder.file('calm.jsonl'))).stdout).toBe(
      'No notification would have been sent.\n',
    );
  });
  it('plays what the API answers as a job’s history, though the newest stands first', async () => {
    using folder = temporaryFolder();
    const ca = makeCa();
    await using server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
    await using service = await Service.start(folder.file('data'));
    const added = await service.call('POST', '/jobs', { target: { host: 'localhost', port: server.port } });
    const { id } = added.body as { id: string };
    for (let turn = 0; turn < 2; turn += 1) await service.call('POST', `/jobs/${id}/check`);
    const history = await service.call('GET', `/jobs/${id}/history`);
    writeFileSync(folder.file('history.json'), JSON.stringify(history.body));
    const { stdout } = await runNotafter('replay', folder.file('history.json'));
    expect(stdout).toContain(`localhost:${server.port} expires in 5 days`);
    expect(stdout.match(/expires in 5 days/g)).toHaveLength(1);
  });
  it.each([
    ['no JSON', 'certainly not', 'Line 1 is no JSON.'],
    ['a broken line', `${jsonLines(lines)}\n{`, 'Line 5 is no JSON.'],
    ['no time', '{"host": "a.example"}', 'Line 1: at: A time is written as 2026-11-26T08:00:00Z.'],
    ['an unknown field', '{"at": "2026-11-24T10:00:00Z", "hots": "a"}', 'Line 1: '],
    ['a wrong entry of an array', '[{"at": "soon"}]', 'Entry 1: at: '],
    ['settings that are none', '{"settings": {"quietHours": {"from": "10"}}}', 'Line 1: settings.quietHours'],
  ])('refuses %s with the place', async (_what, text, sentence) => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('history'), text);
    const { status, stderr } = await runNotafter('replay', folder.file('history'));
    expect(status).toBe(64);
    expect(stderr).toContain(sentence);
    expect(() => readHistoryFile(text)).toThrow(HistoryFileError);
  });
  it('refuses a file that is not there', async () => {
    const { status, stderr } = await runNotafter('replay', '/nowhere/history.json');
    expect(status).toBe(64);
    expect(stderr).toBe('notafter: /nowhere/history.json does not exist.\n');
  });
});
