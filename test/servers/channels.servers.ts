import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { groupWaitMs } from '../../electron/engine/alerts/grouping.ts';
import { testMessage } from '../../electron/engine/channels/message.ts';
import { channelSchema } from '../../shared/schema/channels/channel.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { freePort } from '../support/free-port.ts';
import { makeCa } from '../support/pki.ts';
import { makeSender } from '../support/send-to-webhook.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';
import { findProgram } from './real-server.ts';

/* Channels against what others wrote: `npm run test:servers`. */
const python = '/usr/bin/python3';
const hasAiosmtpd = existsSync('/usr/lib/python3/dist-packages/aiosmtpd');
const alertmanager = findProgram('prometheus-alertmanager');
for (const [name, isThere] of [
  ['python3-aiosmtpd', hasAiosmtpd],
  ['prometheus-alertmanager', alertmanager !== null],
] as const)
  if (!isThere) process.stdout.write(`Not installed, and so not tested: ${name}\n`);

/** Runs a program until the spec is over, and waits until its port answers. */
async function serve(command: readonly string[], port: number) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  await expect.poll(() => answers(port), { timeout: 20_000 }).toBe(true);
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

describe.skipIf(!hasAiosmtpd)('aiosmtpd', () => {
  const sender = makeSender();
  const send = (given: object) =>
    sender.send(
      channelSchema.parse({
        name: 'ops',
        type: 'email',
        host: 'localhost',
        from: 'na@x.test',
        to: ['ops@x.test'],
        ...given,
      }),
      testMessage(Date.now()),
      new AbortController().signal,
    );
  const mails = (folder: string) =>
    readdirSync(`${folder}/new`).map((name) => readFileSync(`${folder}/new/${name}`, 'utf8'));

  it('takes a mail in plain text', async () => {
    using folder = temporaryFolder();
    const port = await freePort();
    const box = folder.file('mb');
    const handler = ['-c', 'aiosmtpd.handlers.Mailbox', box];
    await using _ = await serve(
      [python, '-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, ...handler],
      port,
    );
    expect(await send({ host: '127.0.0.1', port, security: 'none' })).toEqual({ ok: true });
    const [mail = ''] = mails(box);
    expect(mail).toContain('Auto-Submitted: auto-generated');
    expect(mail).toContain('text/plain');
    expect(mail).toContain('text/html');
  });

  it('takes one after STARTTLS with a private CA, and none from a client that does not know it', async () => {
    using folder = temporaryFolder();
    const ca = makeCa('Mail Root');
    const leaf = ca.issue({ sans: ['localhost'] });
    writeFileSync(folder.file('cert.pem'), leaf.pem);
    writeFileSync(folder.file('key.pem'), leaf.key);
    writeFileSync(folder.file('ca.pem'), ca.pem);
    const port = await freePort();
    const box = folder.file('mb');
    const tls = ['--tlscert', folder.file('cert.pem'), '--tlskey', folder.file('key.pem')];
    const handler = ['-c', 'aiosmtpd.handlers.Mailbox', box];
    await using _ = await serve(
      [python, '-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, ...tls, ...handler],
      port,
    );
    const refused = await send({ port });
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('name its CA file') });
    expect(await send({ port, caFile: folder.file('ca.pem') })).toEqual({ ok: true });
    expect(mails(box)).toHaveLength(1);
  });
});

describe.skipIf(alertmanager === null)('Alertmanager', () => {
  it('shows an alert while it is open, and no longer', async () => {
    using folder = temporaryFolder();
    const config = 'route: {receiver: none}\nreceivers: [{name: none}]\n';
    writeFileSync(folder.file('am.yml'), config);
    const port = await freePort();
    const options = [`--config.file=${folder.file('am.yml')}`, `--storage.path=${folder.file('data')}`];
    const network = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
    await using _ = await serve([alertmanager ?? '', ...options, ...network], port);
    const shown = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`);
      return (await response.json()) as { labels: Record<string, string>; startsAt: string }[];
    };
    // Time passes faster here than for Alertmanager: it begins three minutes ago, so that an end is past.
    await using test = new TestEngine({ now: Date.now() - 180_000 });
    const server = await serveTls(test.ca.issue({ notBeforeDays: -90, notAfterDays: -1 }), [test.ca]);
    const good = await serveTls(test.ca.issue(), [test.ca]);
    test.engine.start();
    const channel = {
      type: 'alertmanager',
      name: 'am',
      urls: [`http://127.0.0.1:${port}`],
      labels: [{ name: 'team', value: 'web' }],
    };
    await test.engine.settings.edit({ channels: [channelSchema.parse(channel)] });
    const target = { host: 'localhost', port: server.port };
    const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target }));
    await test.engine.checks.checkNow(id);
    test.clock.advance(groupWaitMs);
    const count = () => {
      test.clock.advance(1_000);
      return shown().then(({ length }) => length);
    };
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
    const [alert] = await shown();
    expect(alert?.labels).toMatchObject({
      instance: `localhost:${server.port}`,
      alertname: 'NotAfterExpired',
      team: 'web',
    });
    await test.engine.jobs.edit(id, { target: { port: good.port } });
    await test.engine.checks.checkNow(id);
    await expect.poll(count, { timeout: 20_000 }).toBe(0);
    await server.close();
    await good.close();
  });
});
