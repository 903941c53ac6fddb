import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { groupWaitMs } from '../../electron/engine/alerts/grouping.ts';
import { testMessage } from '../../electron/engine/channels/message.ts';
import { channelSchema } from '../../shared/schema/channels/channel.ts';
import { freePort } from '../support/free-port.ts';
import { makeCa } from '../support/pki.ts';
import { makeSender } from '../support/send-to-webhook.ts';
import { siteInTrouble } from '../support/site-in-trouble.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen } from '../support/tls-server.ts';
import { postfixMain } from './postfix-main.ts';
import { findProgram, run } from './real-server.ts';

/* Email to Postfix, which asks Dovecot for passwords: `npm run test:servers`, as root, since Postfix starts as nobody else. */
const programs = { postfix: findProgram('postfix'), dovecot: findProgram('dovecot') };
const isRoot = process.getuid?.() === 0;
for (const [name, path] of Object.entries(programs))
  if (path === null) process.stdout.write(`Not installed, and so not tested: ${name}\n`);
if (!isRoot) process.stdout.write('Not tested without root: postfix with dovecot\n');

/** How long a client waits for the banner on the slow port: longer than channels over HTTP wait for an answer. */
const slowBannerSeconds = 12;
const maxMessageBytes = 20_480;

/** Answers Postfix's questions about recipients (https://www.postfix.org/SMTPD_POLICY_README.html): those in `later` are put off. */
async function greylist(later: Set<string>) {
  const server = createServer((socket) => {
    let asked = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      asked += piece;
      for (let end = asked.indexOf('\n\n'); end !== -1; end = asked.indexOf('\n\n')) {
        const recipient = /^recipient=(.*)$/m.exec(asked.slice(0, end))?.[1] ?? '';
        asked = asked.slice(end + 2);
        socket.write(
          `action=${later.has(recipient) ? '451 4.7.1 Greylisted, try again later' : 'DUNNO'}\n\n`,
        );
      }
    });
    socket.on('error', () => undefined); // Postfix hangs up as it likes.
  });
  return listen(server);
}

describe.skipIf(!isRoot || Object.values(programs).includes(null))('Postfix with Dovecot’s passwords', () => {
  const folder = temporaryFolder();
  const ca = makeCa('Mail Root');
  const later = new Set<string>();
  const ports = { smtp: 0, slow: 0, auth: 0 };
  const stops: (() => Promise<unknown> | unknown)[] = [];
  const file = (name: string, text: string) => {
    writeFileSync(folder.file(name), text);
    return folder.file(name);
  };

  beforeAll(async () => {
    const { path } = folder;
    chmodSync(path, 0o755);
    const leaf = ca.issue({ sans: ['localhost'] });
    const cert = file('cert.pem', leaf.pem + ca.pem);
    const key = file('key.pem', leaf.key);
    file('ca.pem', ca.pem);
    for (const name of ['queue', 'data', 'conf', 'mail']) mkdirSync(folder.file(name));
    run(['chown', 'postfix', folder.file('data')]);
    run(['chown', 'nobody', folder.file('mail')]);
    for (const name of ['smtp', 'slow', 'auth'] as const) ports[name] = await freePort();
    const policy = await greylist(later);
    stops.push(() => policy.close());
    const dovecot = file(
      'dovecot.conf',
      `base_dir = ${path}/run
state_dir = ${path}/state
log_path = ${path}/dovecot.log
protocols =
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = ${file('users', 'ops@x.test:{PLAIN}right:::::\n')}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${ports.auth}
  }
}
`,
    );
    file(
      'conf/main.cf',
      `${postfixMain({ folder: path, hostname: 'mail.x.test', cert, key })}smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_authenticated_header = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${ports.auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${policy.port}, permit_sasl_authenticated, reject
message_size_limit = ${maxMessageBytes}
virtual_mailbox_domains = x.test
virtual_mailbox_base = ${path}/mail
virtual_mailbox_maps = inline:{ ops@x.test=ops/, late@x.test=late/ }
virtual_minimum_uid = 1
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`,
    );
    file(
      'conf/master.cf',
      `127.0.0.1:${ports.smtp} inet n - n - - smtpd
127.0.0.1:${ports.slow} inet n - n - - smtpd
  -o smtpd_delay_reject=no
  -o { smtpd_client_restrictions = sleep ${slowBannerSeconds}, permit }
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
error unix - - n - - error
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
`,
    );
    const conf = folder.file('conf');
    const start = (program: string, args: string[]) => {
      const child = spawn(program, args, { stdio: 'ignore' });
      return { child, closed: once(child, 'close') };
    };
    const passwords = start(programs.dovecot ?? '', ['-F', '-c', dovecot]);
    stops.push(() => {
      passwords.child.kill('SIGTERM');
      return passwords.closed;
    });
    const mail = start(programs.postfix ?? '', ['-c', conf, 'start-fg']);
    stops.push(() => {
      run([programs.postfix ?? '', '-c', conf, 'stop']);
      return mail.closed;
    });
    // Passwords can be asked for, too, once this is taken.
    await vi.waitFor(async () => expect(await send()).toEqual({ ok: true }), {
      timeout: 60_000,
      interval: 500,
    });
    await vi.waitFor(() => expect(mails('ops')).toHaveLength(1), { timeout: 20_000, interval: 100 });
  }, 120_000);

  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
    folder[Symbol.dispose]();
  }, 60_000);

  const channel = (more: object = {}) =>
    channelSchema.parse({
      ...{ type: 'email', name: 'mail', host: 'localhost', port: ports.smtp, caFile: folder.file('ca.pem') },
      ...{ username: 'ops@x.test', password: 'right', from: 'na@x.test', to: ['ops@x.test'] },
      ...more,
    });
  const send = (more: object = {}, message = testMessage(Date.now())) =>
    makeSender().send(channel(more), message, new AbortController().signal);
  const mails = (box: string) => {
    const fresh = folder.file(`mail/${box}/new`);
    return existsSync(fresh)
      ? readdirSync(fresh).map((name) => readFileSync(`${fresh}/${name}`, 'utf8'))
      : [];
  };
  const arrived = (box: string, count: number) =>
    vi.waitFor(() => expect(mails(box)).toHaveLength(count), { timeout: 20_000, interval: 100 });

  it('takes a mail over STARTTLS with a password, which is sent over TLS alone', async () => {
    const before = mails('ops').length;
    expect(await send()).toEqual({ ok: true });
    await arrived('ops', before + 1);
    const [mail = ''] = mails('ops');
    expect(mail).toMatch(/using TLSv1\.[23] with cipher/);
    expect(mail).toContain('(Authenticated sender: ');
    expect(mail).toContain('Auto-Submitted: auto-generated');
    expect(await send({ security: 'none', host: '127.0.0.1', caFile: null })).toMatchObject({
      ok: false,
      isFinal: true,
    });
  });

  it('is not trusted without the CA file, nor under another name', async () => {
    expect(await send({ caFile: null })).toMatchObject({
      ok: false,
      error: expect.stringContaining('name its CA file'),
    });
    expect(await send({ host: '127.0.0.1' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('cannot be trusted'),
    });
  });

  it('refuses a wrong password and a missing one for good, in words without the password', async () => {
    const wrong = await send({ password: 'wrong-hunter2' });
    expect(wrong).toMatchObject({ ok: false, isFinal: true, error: expect.stringMatching(/535/) });
    expect(JSON.stringify(wrong)).not.toContain('hunter2');
    expect(await send({ username: null, password: null })).toMatchObject({
      ok: false,
      isFinal: true,
      error: expect.stringMatching(/554|Recipient address rejected/),
    });
  });

  it('that puts one recipient off (greylisting) gets the mail for that one again, and for no other', async () => {
    const before = { ops: mails('ops').length, late: mails('late').length };
    later.add('late@x.test');
    const email = channel({ to: ['ops@x.test', 'late@x.test'] });
    await using site = await siteInTrouble({ settings: { channels: [email] } });
    const { engine, clock } = site.test;
    const waiting = () => engine.channels.list({ limit: 9, offset: 0 }).items;
    clock.advance(groupWaitMs);
    await vi.waitFor(() => expect(waiting()).toMatchObject([{ attempts: 1 }]), { timeout: 30_000 });
    expect(waiting()[0]?.error).toMatch(/451 4\.7\.1.*Greylisted/);
    await arrived('ops', before.ops + 1);
    later.clear();
    // Email has a message in 30 seconds, and the second attempt comes after ten.
    clock.advance(30_000);
    await vi.waitFor(() => expect(waiting()).toEqual([]), { timeout: 30_000 });
    await arrived('late', before.late + 1);
    expect(mails('ops')).toHaveLength(before.ops + 1);
  });

  it('that puts every recipient off is asked again', async () => {
    later.add('ops@x.test');
    const sent = await send();
    later.clear();
    expect(sent).toMatchObject({ ok: false, isFinal: false, error: expect.stringContaining('Greylisted') });
  });

  it('that takes no mail of this size (552) is not asked again', async () => {
    const report = { text: 'Due', html: '<p>Due</p>', csv: 'localhost,443\n'.repeat(2_000) };
    const sent = await send({}, { ...testMessage(Date.now()), event: 'report', report });
    expect(sent).toMatchObject({ ok: false, isFinal: true, error: expect.stringMatching(/552/) });
  });

  it(`that greets after ${slowBannerSeconds} seconds is waited for`, async () => {
    const before = mails('ops').length;
    const at = performance.now();
    expect(await send({ port: ports.slow })).toEqual({ ok: true });
    expect(performance.now() - at).toBeGreaterThan(slowBannerSeconds * 1_000);
    await arrived('ops', before + 1);
  }, 60_000);
});
