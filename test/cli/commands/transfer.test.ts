import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('notafter export and import move everything, show first what they do, and name what is left', async () => {
  using folder = temporaryFolder();
  const file = folder.file('all.json');
  const [from, to] = [folder.file('old'), folder.file('new')];
  {
    await using old = await Service.start(from);
    await old.call('PATCH', '/settings', {
      retentionDays: 99,
      webhooks: [{ name: 'ops', url: 'http://127.0.0.1:9/hidden-path' }],
    });
    await old.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, paused: true });
    const written = await runNotafter('export', '--output', file, '--data', from);
    expect(written).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/1 job\.\nNot exported: secrets of channels: ops/),
    });
    expect(readFileSync(file, 'utf8')).not.toContain('hidden-path');
  }
  await using fresh = await Service.start(to);
  const settings = async () => (await fresh.call('GET', '/settings')).body;
  const dry = await runNotafter('import', file, '--data', to);
  expect(dry).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /changed: setting retentionDays\n[\s\S]*added: channel ops \(Enter its secrets[\s\S]*Would add 1 job[\s\S]*--yes/,
    ),
  });
  expect(await settings()).toMatchObject({ retentionDays: 400, channels: [] });
  expect(await runNotafter('import', file, '--yes', '--data', to)).toMatchObject({ status: 0 });
  expect(await settings()).toMatchObject({ retentionDays: 99, channels: [{ name: 'ops', enabled: false }] });
  expect((await fresh.call('GET', '/jobs')).body).toMatchObject({ total: 1 });

  const whole: unknown = JSON.parse(readFileSync(file, 'utf8'));
  for (const [text, sentence] of [
    ['{"jobs": []}', `${file} is not an export of NotAfter. For a list of hosts, use notafter jobs import.`],
    [
      JSON.stringify(Object.assign({}, whole, { more: 1 })),
      `${file} cannot be imported: There is no field named “more” here.`,
    ],
    [
      JSON.stringify(Object.assign({}, whole, { jobs: 5 })),
      `${file} cannot be imported: jobs: This must be a list, not a number.`,
    ],
    ['nonsense', `${file} is not JSON.`],
  ] as const) {
    writeFileSync(file, text);
    expect(await runNotafter('import', file, '--data', to)).toEqual({
      status: 64,
      stdout: '',
      stderr: `notafter: ${sentence}\n`,
    });
  }
}, 60_000);
