import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { expect, it } from 'vitest';
import { runNotafter, Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a service that was killed says so at its next start, on the page, in its log and by status; one that was ended does not', async () => {
  using folder = temporaryFolder();
  const interruptionOf = async (service: Service) =>
    ((await service.call('GET', '/status')).body as { interruption: { cause: string } | null }).interruption;
  const log = () => readFileSync(folder.file('logs/notafter.log'), 'utf8');
  {
    await using first = await Service.start(folder.path);
    expect(await interruptionOf(first)).toBeNull();
    await first.end('SIGKILL');
  }
  {
    await using second = await Service.start(folder.path);
    expect(await interruptionOf(second)).toMatchObject({ cause: 'killed' });
    await expect.poll(log).toMatch(/NotAfter crashed or was killed, after .* Nothing was checked until/);
    const words = await runNotafter('status', '--data', folder.path);
    expect(words.stdout).toMatch(/NotAfter crashed or was killed/);
    expect((await second.call('POST', '/status/interruption/dismiss')).status).toBe(204);
    expect(await interruptionOf(second)).toBeNull();
    await second.end('SIGTERM');
  }
  {
    await using third = await Service.start(folder.path);
    expect(await interruptionOf(third)).toBeNull();
    await third.end('SIGKILL');
  }
  // As a shutdown leaves it: its last sign of life is of before the computer was turned on.
  const before = Date.now() / 1000 - uptime() - 3600;
  writeFileSync(folder.file('running.json'), JSON.stringify({ startedAt: new Date(before * 1000) }));
  utimesSync(folder.file('running.json'), before, before);
  await using fourth = await Service.start(folder.path);
  expect(await interruptionOf(fourth)).toMatchObject({ cause: 'restart' });
  await expect.poll(log).toMatch(/restarted or lost power/);
  expect(log()).not.toMatch(/warn.*restarted or lost power/i);
}, 60_000);
