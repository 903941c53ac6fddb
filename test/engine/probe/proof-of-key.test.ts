import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { endings, serveWithoutProof, type Version, versions } from '../../support/hostile/keys.ts';
import { flight } from '../../support/impostor-server.ts';
import { serveByOpenssl } from '../../support/openssl-server.ts';
import { type KeyKind, makeCa, makeKey } from '../../support/pki.ts';
import { sctExtension } from '../../support/scts.ts';
import { servePlain, serveTls } from '../../support/tls-server.ts';

const ca = makeCa('Proof Root');
const leafOf = (key: KeyKind) => ca.issue({ key, sans: ['localhost'], extensions: [sctExtension()] });
const trustStores = new TrustStores([ca.pem]);

type Reader = 'light' | 'full';

async function check(port: number, reader: Reader, timeoutMs = 10_000) {
  const { result } = await new Prober({ trustStores }).check({
    target: { host: 'localhost', port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ family: 'ipv4', reader }),
    timeoutMs,
  });
  return result;
}

const cases = versions.flatMap((version) =>
  (['light', 'full'] as const).flatMap((reader) =>
    Object.keys(endings).map((ending): [Version, Reader, string] => [version, reader, ending]),
  ),
);

describe.each(['OpenSSL', 'BoringSSL'])('a certificate without its key, on %s', (library) => {
  beforeAll(() => {
    if (library === 'BoringSSL') Object.defineProperty(process.versions, 'electron', simulated);
  });
  afterAll(() => {
    Reflect.deleteProperty(process.versions, 'electron');
  });

  it.each(cases)('is not believed: %s, %s reader, the server %s', async (version, reader, ending) => {
    const leaf = leafOf('p256');
    await using server = await serveWithoutProof(version, [leaf, ca], endings[ending] ?? (() => undefined));
    const result = await check(server.port, reader, ending === 'says no more' ? 1_000 : 10_000);
    // A reset may overtake what was sent before it: then nothing was shown.
    if (ending === 'breaks the connection off' && result.unreachable?.reason === 'reset') return;
    expect(result).toMatchObject({ status: 'critical', unreachable: null, protocol: version });
    expect(result.certificate?.subject).toBe('CN=localhost');
    expect(result.problems).toMatchObject([{ code: 'key-not-proven', severity: 'critical' }]);
  });

  it.each([
    ['TLSv1.2', 'light'],
    ['TLSv1.2', 'full'],
    ['TLSv1.3', 'light'],
    ['TLSv1.3', 'full'],
  ] as const)('signed for by another key is not believed: %s, %s reader', async (version, reader) => {
    for (const kind of ['p256', 'rsa2048'] as const) {
      const leaf = leafOf(kind);
      await using server = await servePlain((socket) => {
        socket.once('data', (hello: Buffer) => {
          socket.end(flight(version, hello.subarray(5), [leaf, ca], makeKey(kind)));
        });
      });
      const { status, problems } = await check(server.port, reader);
      expect(status).toBe('critical');
      expect(problems.map(({ code }) => code)).toEqual(['key-not-proven']);
    }
  });
});

const simulated = { value: '45.4.1', configurable: true };

describe('a server that demands a client certificate', () => {
  afterEach(() => {
    Reflect.deleteProperty(process.versions, 'electron');
  });

  it.each([
    ['light', 'OpenSSL'],
    ['full', 'OpenSSL'],
    ['light', 'BoringSSL'],
    ['full', 'BoringSSL'],
  ] as const)(
    'is believed once it has signed its key exchange: TLS 1.2, %s reader, %s',
    async (reader, library) => {
      if (library === 'BoringSSL') Object.defineProperty(process.versions, 'electron', simulated);
      await using server = await serveByOpenssl(leafOf('p256'), [ca], ['-tls1_2', '-Verify', '1']);
      expect(await check(server.port, reader)).toMatchObject({ status: 'ok', protocol: 'TLSv1.2' });
    },
  );

  it('has the secrets of its handshake logged only once its refusal needs them: no other handshake is', async () => {
    const connected = vi.spyOn(tls, 'connect');
    const logs = () =>
      connected.mock.results.map(({ value }) => (value as tls.TLSSocket).listenerCount('keylog'));
    await using demanding = await serveByOpenssl(leafOf('p256'), [ca], ['-tls1_2', '-Verify', '1']);
    expect(await check(demanding.port, 'full')).toMatchObject({ status: 'ok' });
    expect(logs()).toEqual([0, 1]);
    connected.mockClear();
    await using usual = await serveTls(leafOf('p256'), [ca]);
    expect(await check(usual.port, 'full')).toMatchObject({ status: 'ok' });
    expect(logs()).toEqual([0]);
    connected.mockRestore();
  });

  it('is shown with what it presented where the handshake that would tell more fails', async () => {
    const once = ['-tls1_2', '-Verify', '1', '-naccept', '1'];
    await using server = await serveByOpenssl(leafOf('p256'), [ca], once);
    const result = await check(server.port, 'full');
    expect(result).toMatchObject({ status: 'critical', unreachable: null });
    expect(result.certificate?.subject).toBe('CN=localhost');
    expect(result.problems).toMatchObject([{ code: 'key-not-proven' }]);
  });

  it.each(['light', 'full'] as const)(
    'is a warning where only that keeps it from proving its key: RSA key exchange, %s reader',
    async (reader) => {
      const args = ['-tls1_2', '-cipher', 'AES256-GCM-SHA384:@SECLEVEL=0'];
      const leaf = leafOf('rsa2048');
      await using server = await serveByOpenssl(
        leaf,
        [ca],
        [...args, '-Verify', '1', '-verify_return_error'],
      );
      const { status, problems, certificate } = await check(server.port, reader);
      expect(certificate?.subject).toBe('CN=localhost');
      expect({ status, problems }).toMatchObject({
        status: 'warning',
        problems: [{ code: 'key-not-proven', severity: 'warning', remedy: /client certificate/ }],
      });
    },
  );

  it('with RSA key exchange and no demand proves its key by its Finished', async () => {
    const args = ['-tls1_2', '-cipher', 'AES256-GCM-SHA384:@SECLEVEL=0'];
    await using server = await serveByOpenssl(leafOf('rsa2048'), [ca], args);
    expect(await check(server.port, 'light')).toMatchObject({
      status: 'ok',
      cipher: 'TLS_RSA_WITH_AES_256_GCM_SHA384',
    });
  });
});
