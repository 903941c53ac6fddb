import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import tls from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { InputFileError, Prober } from '../../../electron/engine/probe/prober.ts';
import { type Connection, connectionSchema } from '../../../shared/schema/connection.ts';
import type { FileTarget, HostTarget } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { serveHttpProxy, serveSocksProxy } from '../../support/proxies.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, servePlain, serveTls } from '../../support/tls-server.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const root = makeCa();
writeFileSync(folder.file('root.pem'), root.pem);

const host = (name: string, port: number, more: Partial<HostTarget> = {}): HostTarget => ({
  host: name,
  port,
  servername: null,
  starttls: null,
  ...more,
});
async function check(
  target: HostTarget | FileTarget,
  connection: Partial<Connection> = {},
  checker = new Prober(),
) {
  const { result } = await checker.check({
    target,
    thresholds: defaultThresholds,
    caFiles: [folder.file('root.pem')],
    connection: connectionSchema.parse(connection),
    timeoutMs: 5000,
  });
  return result;
}

/** A TLS server on a loopback address of its own, so that one name can have several. */
function serveOn(address: string, port: number, days: number) {
  const leaf = root.issue({ sans: ['balanced.example'], notBeforeDays: -80, notAfterDays: days });
  const server = tls.createServer({ cert: leaf.pem, key: leaf.key });
  server.on('tlsClientError', () => undefined);
  return listen(server, address, port);
}

describe('addresses', () => {
  it('a fixed one is taken whatever the name resolves to', async () => {
    await using server = await serveTls(root.issue({ sans: ['name.example'] }));
    const resolve = async () => {
      throw new Error('The name was looked up.');
    };
    const result = await check(
      host('name.example', server.port),
      { address: '127.0.0.1' },
      new Prober({ resolve }),
    );
    expect(result).toMatchObject({
      status: 'ok',
      address: '127.0.0.1',
      target: { servername: 'name.example' },
    });
  });

  it('of one family alone are taken where that is asked', async () => {
    await using server = await serveTls(root.issue({ sans: ['name.example'] }));
    const resolve = async () => [
      { address: '::1', family: 6 as const },
      { address: '127.0.0.1', family: 4 as const },
    ];
    const checker = new Prober({ resolve });
    expect((await check(host('name.example', server.port), { family: 'ipv4' }, checker)).address).toBe(
      '127.0.0.1',
    );
    expect(
      (await check(host('name.example', server.port), { family: 'ipv6' }, checker)).unreachable?.reason,
    ).toBe('refused');
    const onlyIpv4 = new Prober({ resolve: async () => [{ address: '127.0.0.1', family: 4 as const }] });
    expect(
      (await check(host('name.example', server.port), { family: 'ipv6' }, onlyIpv4)).unreachable,
    ).toMatchObject({
      reason: 'dns',
      message: 'The name name.example has no IPv6 address.',
    });
  });

  it('are all checked where that is asked, and the worst is shown', async () => {
    await using first = await serveOn('127.0.0.1', 0, 90);
    await using stale = await serveOn('127.0.0.2', first.port, 3);
    await using third = await serveOn('127.0.0.3', first.port, 90);
    expect([stale.port, third.port]).toEqual([first.port, first.port]);
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    const checker = new Prober({
      resolve: async () => addresses.map((address) => ({ address, family: 4 as const })),
    });
    const target = host('balanced.example', first.port);
    expect(await check(target, {}, checker)).toMatchObject({ status: 'ok', addresses: null });
    const result = await check(target, { allAddresses: true }, checker);
    expect(result).toMatchObject({
      status: 'critical',
      address: '127.0.0.2',
      problems: [{ code: 'expiring' }, { code: 'common-name', severity: 'note' }],
    });
    expect(result.addresses?.map(({ address, status }) => `${address} ${status}`).sort()).toEqual([
      '127.0.0.1 ok',
      '127.0.0.2 critical',
      '127.0.0.3 ok',
    ]);
  });

  it('that does not answer is found among those that do', async () => {
    await using first = await serveOn('127.0.0.1', 0, 90);
    const checker = new Prober({
      resolve: async () => ['127.0.0.1', '127.0.0.9'].map((address) => ({ address, family: 4 as const })),
    });
    const result = await check(host('balanced.example', first.port), { allAddresses: true }, checker);
    expect(result).toMatchObject({
      status: 'unreachable',
      address: '127.0.0.9',
      unreachable: { reason: 'refused' },
    });
  });
});

describe('proxies', () => {
  it.each([
    ['http', serveHttpProxy],
    ['socks5', serveSocksProxy],
  ] as const)('%s carries a check, and looks the name up itself', async (scheme, serve) => {
    await using server = await serveTls(root.issue({ sans: ['hidden.internal'] }));
    await using proxy = await serve();
    const result = await check(host('hidden.internal', server.port), {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
    });
    expect(result).toMatchObject({ status: 'ok', address: null, timings: { dns: null } });
    expect(proxy.requests).toEqual([{ target: `hidden.internal:${server.port}`, user: null }]);
  });

  it.each([
    ['http', serveHttpProxy],
    ['socks5', serveSocksProxy],
  ] as const)('%s is given user and password', async (scheme, serve) => {
    await using server = await serveTls(root.issue({ sans: ['hidden.internal'] }));
    await using proxy = await serve('s3cret');
    const at = `127.0.0.1:${proxy.port}`;
    expect(
      (await check(host('hidden.internal', server.port), { proxy: `${scheme}://ada:s3cret@${at}` })).status,
    ).toBe('ok');
    expect(proxy.requests.at(-1)?.user).toBe('ada');
    const refused = await check(host('hidden.internal', server.port), {
      proxy: `${scheme}://ada:wrong@${at}`,
    });
    expect(refused.unreachable).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^The proxy/),
    });
    expect(JSON.stringify(refused)).not.toMatch(/wrong/);
  });

  it.each([
    ['http', serveHttpProxy],
    ['socks5', serveSocksProxy],
  ] as const)('%s that cannot reach the target says so', async (scheme, serve) => {
    const closed = await serveTls(root.issue());
    await closed.close();
    await using proxy = await serve();
    const result = await check(host('hidden.internal', closed.port), {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
    });
    expect(result.unreachable).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^The proxy does not connect to hidden.internal/),
    });
  });

  it.each(['http', 'socks5'])('%s where nothing listens is named', async (scheme) => {
    const closed = await servePlain(() => undefined);
    await closed.close();
    const result = await check(host('hidden.internal', 443), {
      proxy: `${scheme}://127.0.0.1:${closed.port}`,
    });
    expect(result.unreachable?.message).toBe(
      `The proxy 127.0.0.1:${closed.port} cannot be used: nothing listens there.`,
    );
  });

  it.each(['http', 'socks5'])('%s that says nothing ends with the deadline', async (scheme) => {
    await using silent = await servePlain(() => undefined);
    const { result } = await new Prober().check({
      target: host('hidden.internal', 443),
      thresholds: defaultThresholds,
      caFiles: [],
      connection: connectionSchema.parse({ proxy: `${scheme}://127.0.0.1:${silent.port}` }),
      timeoutMs: 300,
    });
    expect(result.unreachable?.reason).toBe('timeout');
  });

  it.each(['ftp://proxy', 'http://', 'proxy:8080', 'http://proxy/path'])('%s is none', (proxy) => {
    expect(connectionSchema.safeParse({ proxy }).error?.issues[0]).toMatchObject({
      path: ['proxy'],
      message: expect.stringMatching(/socks5:\/\/host:port/),
    });
  });
});

/** id-kp-clientAuth (RFC 5280 §4.2.1.12). */
const clientAuth = '1.3.6.1.5.5.7.3.2';

describe('client certificates', () => {
  const client = root.issue({ name: 'A client', sans: [], usages: [clientAuth] });
  const files = {
    certFile: folder.file('client.pem'),
    keyFile: folder.file('client.key'),
    passphraseFile: null,
  };
  writeFileSync(files.certFile, client.pem);
  writeFileSync(files.keyFile, client.key);

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('are shown to a server that demands one, %s', async (version) => {
    const names: string[] = [];
    const leaf = root.issue();
    const server = tls.createServer(
      {
        cert: leaf.pem,
        key: leaf.key,
        ca: [root.pem],
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      },
      (socket) => {
        names.push(socket.getPeerX509Certificate()?.subject ?? '');
      },
    );
    server.on('tlsClientError', () => undefined);
    await using listening = await listen(server);
    expect((await check(host('localhost', listening.port), { clientCertificate: files })).status).toBe('ok');
    await expect.poll(() => names).toEqual(['CN=A client']);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'that the server refuses keep nobody from reading its own, %s',
    async (version) => {
      const refused = root.issue({ name: 'For servers only', sans: [] });
      writeFileSync(folder.file('refused.pem'), refused.pem);
      writeFileSync(folder.file('refused.key'), refused.key);
      const clientCertificate = {
        ...files,
        certFile: folder.file('refused.pem'),
        keyFile: folder.file('refused.key'),
      };
      const demand = {
        ca: [root.pem],
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      };
      await using server = await serveTls(root.issue(), [], demand);
      expect(await check(host('localhost', server.port), { clientCertificate })).toMatchObject({
        status: 'ok',
        protocol: version,
      });
    },
  );

  // Each as OpenSSL's own commands write it.
  it.each([
    ['PBES2 and PBKDF2', ['pkcs8', '-topk8', '-v2', 'aes256', '-iter', '600000']],
    ['PBES2 and scrypt', ['pkcs8', '-topk8', '-scrypt']],
    ['3DES of RFC 7292', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES']],
    ['the older PEM', ['ec', '-aes256']],
  ])('with a passphrase are read by its file: %s', async (_what, command) => {
    const pass = ['-in', files.keyFile, '-passout', 'pass:open sesame'];
    execFileSync('openssl', [...command, ...pass, '-out', folder.file('locked.key')], { stdio: 'ignore' });
    writeFileSync(folder.file('passphrase'), 'open sesame\n');
    writeFileSync(folder.file('wrong'), 'close\n');
    const locked = { ...files, keyFile: folder.file('locked.key') };
    const checker = new Prober();
    const test = (passphraseFile: string | null) =>
      checker.testFiles({
        caFiles: [],
        connection: connectionSchema.parse({ clientCertificate: { ...locked, passphraseFile } }),
        timeoutMs: 5000,
      });
    await test(folder.file('passphrase'));
    await expect(test(folder.file('wrong'))).rejects.toThrow(/its passphrase is wrong/);
    await expect(test(null)).rejects.toThrow(/its passphrase is wrong/);
  });

  it('that cannot be used are refused at their field', async () => {
    const other = root.issue({ key: 'p384' });
    writeFileSync(folder.file('other.key'), other.key);
    const fault = async (clientCertificate: object) => {
      try {
        const connection = connectionSchema.parse({ clientCertificate });
        await new Prober().testFiles({ caFiles: [], connection, timeoutMs: 5000 });
        return null;
      } catch (error) {
        return error;
      }
    };
    expect(await fault({ ...files, keyFile: folder.file('other.key') })).toBeInstanceOf(InputFileError);
    expect(await fault({ ...files, certFile: '/nowhere.pem' })).toMatchObject({
      field: 'connection.clientCertificate.certFile',
      message: 'The client certificate /nowhere.pem does not exist.',
    });
  });
});

describe('certificate files', () => {
  const intermediate = root.issue({ name: 'Matrix Intermediate', isCa: true, sans: [] });
  const leaf = intermediate.issue({
    name: 'vpn.example',
    key: 'rsa2048',
    notBeforeDays: -70,
    notAfterDays: 20,
  });
  const file = (name: string, content: string | Buffer, passphraseFile: string | null = null): FileTarget => {
    writeFileSync(folder.file(name), content);
    return { file: folder.file(name), passphraseFile };
  };
  /** PKCS#12 by OpenSSL, as administrators make it. */
  const pkcs12 = (name: string, signed: typeof leaf, ...options: string[]): FileTarget => {
    writeFileSync(folder.file('p12.pem'), signed.pem + signed.key + intermediate.pem);
    writeFileSync(folder.file('p12.pass'), 'geheim\n');
    const { status, stderr } = spawnSync(
      'openssl',
      [
        'pkcs12',
        '-export',
        '-in',
        folder.file('p12.pem'),
        '-out',
        folder.file(name),
        '-passout',
        'pass:geheim',
        ...options,
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return { file: folder.file(name), passphraseFile: folder.file('p12.pass') };
  };
  const found = {
    status: 'warning',
    problems: [{ code: 'expiring' }],
    certificate: { subject: 'CN=vpn.example' },
    unreachable: null,
    protocol: null,
  };

  it('in PEM are judged like a host’s, names and trust aside', async () => {
    const target = file('chain.pem', leaf.pem + intermediate.pem);
    expect(await check(target)).toMatchObject({
      ...found,
      target: { file: target.file },
      chain: [{}, { subject: 'CN=Matrix Intermediate' }],
    });
  });
  it('find the leaf in any order, with the key beside it', async () => {
    expect(await check(file('disorder.pem', leaf.key + intermediate.pem + leaf.pem))).toMatchObject(found);
  });
  it('in DER are read', async () => expect(await check(file('leaf.der', leaf.der))).toMatchObject(found));
  it('of a CA are nothing to complain about', async () => {
    expect((await check(file('ca.pem', makeCa('Stranger').pem))).problems).toEqual([]);
  });
  it('of a client are nothing to complain about: nobody knows to whom they are shown', async () => {
    const client = makeCa('Clients').issue({ usages: ['1.3.6.1.5.5.7.3.2'] });
    const { problems, certificate } = await check(file('client.pem', client.pem));
    expect({ problems, usages: certificate?.extendedKeyUsage }).toEqual({
      problems: [],
      usages: ['clientAuth'],
    });
  });
  it('in PKCS#12 are read', async () => expect(await check(pkcs12('modern.p12', leaf))).toMatchObject(found));
  it('in PKCS#12 of the old ciphers are read', async () => {
    expect(
      await check(
        pkcs12(
          'old.p12',
          leaf,
          '-legacy',
          '-certpbe',
          'PBE-SHA1-3DES',
          '-keypbe',
          'PBE-SHA1-3DES',
          '-macalg',
          'sha1',
        ),
      ),
    ).toMatchObject(found);
  });
  it('in PKCS#12 with an EC key are read', async () => {
    const ec = intermediate.issue({ name: 'vpn.example', notBeforeDays: -70, notAfterDays: 20 });
    expect(await check(pkcs12('ec.p12', ec))).toMatchObject(found);
  });
  it.each<[string, () => FileTarget, RegExp]>([
    [
      'that are not there',
      () => ({ file: '/nowhere.pem', passphraseFile: null }),
      /\/nowhere.pem does not exist/,
    ],
    ['that are none', () => file('text.pem', 'hello'), /text\.pem is a text without certificates/],
    ['that are empty', () => file('empty.pem', ''), /empty\.pem is empty/],
    ['of broken PEM', () => file('broken.pem', leaf.pem.replace(/\n.{30}/, '\n')), /cannot be read/],
    [
      'without the passphrase',
      () => ({ ...pkcs12('locked.p12', leaf), passphraseFile: null }),
      /locked\.p12 is a PKCS#12 file that needs a passphrase/,
    ],
  ])('%s are a result with a sentence', async (_what, target, sentence) => {
    expect(await check(target())).toMatchObject({
      status: 'unreachable',
      certificate: null,
      unreachable: { message: expect.stringMatching(sentence) },
    });
  });
});
