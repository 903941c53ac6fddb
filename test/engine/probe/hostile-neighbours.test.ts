import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import type { HostileBehaviour } from '../../support/hostile/behaviour.ts';
import { hostileBehaviours } from '../../support/hostile/table.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

describe('ten jobs on a hostile host', () => {
  it.each(Object.entries(hostileBehaviours))(
    'that %s leave the job beside them its time',
    async (_what, serve) => {
      await using test = new TestEngine({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
      await using hostile = await serve(test.ca);
      await using honest = await serveTls(test.ca.issue({ sans: ['localhost'] }), [test.ca]);
      const { engine, clock } = test;
      engine.start();
      // The servers share processor and thread with the engine: a second is not enough for an honest one beside the busiest.
      await engine.settings.edit({ timeoutSeconds: 2, fetchRevocation: hostile.fetchRevocation ?? false });
      const schedule = { type: 'interval', minutes: 10 };
      const { connection } = hostile;
      const add = (target: object, more: object = {}) =>
        engine.jobs.add(jobInputSchema.parse({ target, schedule, ...more }));
      // Ten names that lead to the same host, as many as run at once: no rule for one name holds them back.
      for (let index = 1; index <= 10; index += 1)
        await add(
          {
            host: `hostile-${index}.test`,
            port: hostile.port,
            servername: 'localhost',
            starttls: hostile.starttls ?? null,
          },
          connection ? { connection } : {},
        );
      const good = await add({ host: 'localhost', port: honest.port });
      for (let round = 0; round < 2; round += 1) {
        const checked = test.next('check-finished', ({ id }) => id === good.id);
        clock.advance(round === 0 ? 1 : 10 * 60_000);
        expect((await checked).job).toMatchObject({ status: 'ok' });
        const last = engine.jobs.detail(good.id)?.lastCheck?.checkedAt ?? '';
        expect(clock.now() - Date.parse(last)).toBeLessThan(60_000); // by the test's own clock: it was not put off
      }
    },
  );
});

describe('the table of hostile servers', () => {
  const support = join(import.meta.dirname, '../../support');
  const folder = join(support, 'hostile');
  const files = readdirSync(folder).filter((name) => !['behaviour.ts', 'table.ts'].includes(name));

  it.each(files)('has every behaviour of %s, under a name that no other has', async (name) => {
    const { behaviours } = (await import(join(folder, name))) as {
      behaviours?: Record<string, HostileBehaviour>;
    };
    expect(Object.keys(behaviours ?? {}).length).toBeGreaterThan(0);
    for (const [what, behaviour] of Object.entries(behaviours ?? {}))
      expect([what, hostileBehaviours[what] === behaviour]).toEqual([what, true]);
  });

  /** Servers that do what a client expects of them. */
  const honest = [
    'serveApi',
    'serveByOpenssl',
    'serveHttpProxy',
    'serveOldDevice',
    'servePlain',
    'servePrivatePki',
    'serveRenewable',
    'serveSmtp',
    'serveSocks4Proxy',
    'serveSocksProxy',
    'serveTls',
  ];

  it('has every server of test/support that is not an honest one', () => {
    const read = (at: string, name: string) => readFileSync(join(at, name), 'utf8');
    const hostile = files.map((name) => read(folder, name)).join('\n');
    const servers = readdirSync(support)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...read(support, name).matchAll(/^export (?:async )?function (serve\w*)/gm)])
      .map(([, name = '']) => name);
    expect(servers).toEqual(expect.arrayContaining(honest));
    const missing = servers.filter((name) => !honest.includes(name) && !hostile.includes(`${name}(`));
    expect(missing).toEqual([]);
  });
});
