import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import tls from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { createReadingContext } from '../../../electron/engine/probe/tls-contexts.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { pour } from '../../support/hostile/behaviour.ts';
import { connectionPlays } from '../../support/hostile/connections.ts';
import { makeCa, makeSelfSigned } from '../../support/pki.ts';
import { sctExtension } from '../../support/scts.ts';
import { serveTampering, type Tampering } from '../../support/tampering-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, servePlain, serveTls } from '../../support/tls-server.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const request = (port: number, more: object = {}) => ({
  target: { host: 'localhost', port, servername: null, starttls: null },
  thresholds: defaultThresholds,
  caFiles: [] as string[],
  timeoutMs: 5000,
  ...more,
});
const check = async (port: number, more: object = {}, checker = new Prober()) =>
  (await checker.check(request(port, more))).result;

/** What a check says of each server that shows no certificate. */
const said: Record<keyof typeof connectionPlays, [reason: string, sentence: RegExp, timeoutMs?: number]> = {
  'plain HTTP': ['not-tls', /plain HTTP: is TLS on another port/],
  'an SMTP greeting': ['not-tls', /plain SMTP: turn on STARTTLS for smtp/],
  'an IMAP greeting': ['not-tls', /plain IMAP/],
  garbage: ['not-tls', /does not answer in TLS/],
  nothing: ['timeout', /did not answer within 0.3 seconds during the TLS handshake/, 300],
  'a byte now and then': ['timeout', /within 0.3 seconds/, 300],
  'a closed connection': ['reset', /closed the connection/],
  'a reset': ['reset', /closed the connection/],
  'an end after the first bytes': ['reset', /closed the connection/],
  'an alert': ['handshake', /unrecognized_name/],
};

describe('a target that shows no certificate', () => {
  it.each(Object.entries(connectionPlays))('that answers with %s is unreachable', async (name, play) => {
    // SAFETY: the name is a key of the plays.
    const [reason, sentence, timeoutMs = 5000] = said[name as keyof typeof connectionPlays];
    await using server = await servePlain(play);
    const result = await check(server.port, { timeoutMs });
    expect(result).toMatchObject({ status: 'unreachable', certificate: null, unreachable: { reason } });
    expect(result.unreachable?.message).toMatch(sentence);
    expect(result.problems).toMatchObject([{ code: 'unreachable', severity: 'critical' }]);
  });

  it('that sends without end is cut off at the deadline', async () => {
    await using server = await servePlain((socket) => pour(socket, Buffer.alloc(65_536, 22)));
    expect((await check(server.port, { timeoutMs: 1000 })).status).toBe('unreachable');
  });

  it('where nothing listens is refused', async () => {
    const server = await servePlain(() => undefined);
    await server.close();
    expect((await check(server.port)).unreachable).toMatchObject({
      reason: 'refused',
      message: `Nothing listens on port ${server.port} of localhost.`,
    });
  });

  it('whose name is not known has no address', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    };
    expect((await check(443, {}, new Prober({ resolve }))).unreachable).toMatchObject({ reason: 'dns' });
  });

  it('is told in words where the two have no settings in common', async () => {
    const ca = makeCa();
    await using server = await serveTls(ca.issue({ key: 'rsa2048' }), [], {
      ciphers: 'PSK-AES256-CBC-SHA',
      maxVersion: 'TLSv1.2',
      pskCallback: () => null,
    });
    expect((await check(server.port)).unreachable).toMatchObject({
      reason: 'handshake',
      message: expect.stringContaining('handshake_failure'),
    });
  });
});

describe('a server that shows a certificate whose key it does not prove to hold', () => {
  it.each<[Tampering, RegExp]>([
    ['spoil-signature', /does not hold the certificate’s key/],
    ['end-after-certificate', /closed the connection during the TLS handshake/],
    ['alert-after-certificate', /alert/],
  ])('is not believed: %s', async (tampering, ending) => {
    const root = makeCa();
    writeFileSync(folder.file('proof.pem'), root.pem);
    const caFiles = [folder.file('proof.pem')];
    await using server = await serveTls(root.issue(), [], { maxVersion: 'TLSv1.2' });
    await using proxy = await serveTampering(server.port, tampering);
    expect(await check(server.port, { caFiles })).toMatchObject({ status: 'ok' });
    expect(await check(proxy.port, { caFiles })).toMatchObject({
      status: 'critical',
      certificate: { subject: 'CN=localhost' },
      problems: [{ code: 'key-not-proven', severity: 'critical', message: expect.stringMatching(ending) }],
      unreachable: null,
    });
  });
});

describe('what a certificate may be used for', () => {
  it.each<[string, string[] | undefined, string[]]>([
    ['by name', undefined, ['serverAuth']],
    [
      'by name where it has one, else by OID',
      ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.10.3.3'],
      ['serverAuth', 'clientAuth', '1.3.6.1.4.1.311.10.3.3'],
    ],
  ])('is told %s', async (_how, usages, told) => {
    const root = makeCa();
    await using server = await serveTls(root.issue(usages ? { usages } : {}), [root]);
    const { chain } = await check(server.port);
    expect(chain.map(({ extendedKeyUsage }) => extendedKeyUsage)).toEqual([told, null]);
  });
});

describe('a check', () => {
  it('ends when it is aborted, and leaves no socket', async () => {
    const closed = Promise.withResolvers<void>();
    const accepted = Promise.withResolvers<void>();
    await using server = await servePlain((socket) => {
      socket.once('close', () => closed.resolve());
      accepted.resolve();
    });
    const controller = new AbortController();
    const running = new Prober().check(request(server.port, { signal: controller.signal }));
    await accepted.promise;
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await closed.promise;
  });

  it('leaves nothing open behind it', async () => {
    const ca = makeCa();
    await using server = await serveTls(ca.issue());
    const checker = new Prober();
    await check(server.port, {}, checker);
    const open = () =>
      process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLS|Timeout/.test(kind)).length;
    const before = open();
    for (let round = 0; round < 20; round += 1) await check(server.port, {}, checker);
    await expect.poll(open).toBeLessThanOrEqual(before);
  });

  it('judges an incomplete chain alike, whatever other servers sent before', async () => {
    const root = makeCa();
    const intermediate = root.issue({ name: 'Matrix Intermediate', isCa: true, sans: [] });
    writeFileSync(folder.file('root.pem'), root.pem);
    const caFiles = [folder.file('root.pem')];
    await using complete = await serveTls(intermediate.issue(), [intermediate]);
    await using incomplete = await serveTls(intermediate.issue());
    const checker = new Prober();
    const before = await check(incomplete.port, { caFiles }, checker);
    expect((await check(complete.port, { caFiles }, checker)).status).toBe('ok');
    const after = await check(incomplete.port, { caFiles }, checker);
    expect(after.problems).toEqual(before.problems);
    expect(after).toMatchObject({
      status: 'critical',
      problems: [
        {
          code: 'incomplete-chain',
          message: expect.stringContaining('only clients that already have it accept the server'),
          remedy: expect.stringMatching(/^Append Matrix Intermediate to the certificate file/),
        },
      ],
    });
  });

  it.each([
    ['2020-08-31', 800, []],
    ['2020-09-02', 398, []],
    ['2020-09-02', 399, ['validity-too-long']],
    ['2026-03-14', 398, []],
    ['2026-03-15', 200, []],
    ['2026-03-15', 201, ['validity-too-long']],
    ['2027-03-15', 101, ['validity-too-long']],
    ['2029-03-15', 47, []],
    ['2029-03-15', 48, ['validity-too-long']],
  ])(
    'judges a public certificate of %s for %d days by the limit of its time: %j',
    async (from, days, codes) => {
      const now = Date.parse(`${from}T00:00:00Z`);
      const root = makeCa('Public Root', { now });
      // A lifetime counts its last second.
      const leaf = root.issue({
        now,
        notBeforeDays: 0,
        notAfterDays: days - 1 / 86_400,
        extensions: [sctExtension()],
      });
      await using server = await serveTls(leaf);
      const checker = new Prober({ now: () => now + 3_600_000, trustStores: new TrustStores([root.pem]) });
      expect((await check(server.port, {}, checker)).problems.map(({ code }) => code)).toEqual(codes);
    },
  );

  it('does not hold private CAs to the limits of public ones', async () => {
    const root = makeCa();
    writeFileSync(folder.file('private.pem'), root.pem);
    await using server = await serveTls(root.issue({ notAfterDays: 3000 }));
    expect((await check(server.port, { caFiles: [folder.file('private.pem')] })).status).toBe('ok');
  });

  it('tells what expires first of the whole chain', async () => {
    const root = makeCa('Matrix Root', { notAfterDays: 50 });
    writeFileSync(folder.file('short.pem'), root.pem);
    await using server = await serveTls(root.issue({ notAfterDays: 80 }));
    const result = await check(server.port, { caFiles: [folder.file('short.pem')] });
    expect(result).toMatchObject({ status: 'ok', earliestExpiry: { subject: 'CN=Matrix Root' } });
  });

  it('sends the server name and no name for addresses', async () => {
    const ca = makeCa();
    const names: string[] = [];
    const leaf = ca.issue({ sans: ['other.example', '127.0.0.1'] });
    await using server = await serveTls(leaf, [], {
      SNICallback: (name, done) => {
        names.push(name);
        done(null, tls.createSecureContext({ cert: leaf.pem, key: leaf.key }));
      },
    });
    const target = { port: server.port, starttls: null };
    const byName = await check(server.port, {
      target: { ...target, host: '127.0.0.1', servername: 'other.example' },
    });
    expect(byName.problems.map(({ code }) => code)).toEqual(['incomplete-chain', 'common-name']);
    await check(server.port, { target: { ...target, host: '127.0.0.1', servername: null } });
    expect(names).toEqual(['other.example']);
  });
});

describe('the reading context', () => {
  it('falls back where the runtime does not know what is asked, as BoringSSL does not know @SECLEVEL', async () => {
    const unknown = { ciphers: 'NO-SUCH-CIPHER', groups: 'no-such-group', secureOptions: null };
    const context = createReadingContext([unknown, { ciphers: null, groups: null, secureOptions: null }]);
    await using server = await serveTls(makeSelfSigned());
    const secure = tls.connect({
      port: server.port,
      host: '127.0.0.1',
      secureContext: context,
      rejectUnauthorized: false,
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    secure.once('secureConnect', resolve);
    await promise;
    expect(secure.getPeerX509Certificate()?.subject).toBe('CN=localhost');
    secure.destroy();
  });

  it('says what is wrong where nothing is accepted', () => {
    expect(() =>
      createReadingContext([{ ciphers: 'NO-SUCH-CIPHER', groups: null, secureOptions: null }]),
    ).toThrow(/cipher/i);
  });
});

describe('addresses', () => {
  it('are tried in turn until one answers', async () => {
    const ca = makeCa();
    const server = tls.createServer({ cert: ca.issue().pem, key: ca.issue().key });
    await using listening = await listen(server);
    const resolve = async () => [
      { address: '127.0.0.2', family: 4 as const },
      { address: '127.0.0.1', family: 4 as const },
    ];
    expect(createServer().listening).toBe(false);
    expect(await check(listening.port, {}, new Prober({ resolve }))).toMatchObject({ address: '127.0.0.1' });
  });
});
