import { describe, expect, it } from 'vitest';
import { canReach } from '../../../electron/engine/probe/addresses.ts';
import { joinAddresses } from '../../../electron/engine/probe/all-addresses.ts';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { serveTls } from '../../support/tls-server.ts';

const root = makeCa();
const v4 = (address: string) => ({ address, family: 4 as const });
const v6 = (address: string) => ({ address, family: 6 as const });

async function check(addresses: { address: string; family: 4 | 6 }[], port: number, connection: object = {}) {
  const { result } = await new Prober({ resolve: async () => addresses }).check({
    target: { host: 'half.test', port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse(connection),
    timeoutMs: 5000,
  });
  return result;
}

describe('what became of each address', () => {
  it('is told of a host that answered', async () => {
    await using server = await serveTls(root.issue({ sans: ['half.test'] }));
    const result = await check([v4('127.0.0.9'), v4('127.0.0.1'), v4('127.0.0.8')], server.port);
    expect(result).toMatchObject({
      address: '127.0.0.1',
      attempts: [
        { address: '127.0.0.9', outcome: 'refused' },
        { address: '127.0.0.1', outcome: 'answered' },
        { address: '127.0.0.8', outcome: 'not-tried' },
      ],
    });
  });

  it('is told of a host that did not, and null where it has one address', async () => {
    const server = await serveTls(root.issue());
    await server.close();
    expect((await check([v4('127.0.0.8'), v4('127.0.0.9')], server.port)).unreachable?.message).toBe(
      `Nothing listens on port ${server.port} of half.test. Addresses: 127.0.0.8 nothing listens there and 127.0.0.9 nothing listens there.`,
    );
    const alone = await check([v4('127.0.0.8')], server.port);
    expect(alone.attempts).toBeNull();
    expect(alone.unreachable?.message).toBe(`Nothing listens on port ${server.port} of half.test.`);
  });
});

describe('the two readers of a check', () => {
  it('ask the same address, also where another would answer sooner', async () => {
    // RSA key exchange: the light reader sees the certificate, the full one its proof.
    const rsa = { ciphers: 'AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;
    await using server = await serveTls(root.issue({ key: 'rsa2048', sans: ['half.test'] }), [], rsa);
    let looks = 0;
    const { result } = await new Prober({
      resolve: async () => {
        looks += 1;
        return [v4('127.0.0.1')];
      },
    }).check({
      target: { host: 'half.test', port: server.port, servername: null, starttls: null },
      thresholds: defaultThresholds,
      caFiles: [],
      timeoutMs: 5000,
    });
    expect(result.certificate?.sans).toEqual(['half.test']);
    expect({ looks, connections: server.connections }).toEqual({ looks: 1, connections: 2 });
  });
});

describe('all addresses', () => {
  it('name the one that is wrong and those that are fine (uptime-kuma #1242)', async () => {
    await using server = await serveTls(root.issue({ sans: ['half.test'] }));
    const caught = await check([v4('127.0.0.1'), v4('127.0.0.9')], server.port, { allAddresses: true });
    expect(caught.unreachable?.message).toBe(
      `127.0.0.9: Nothing listens on port ${server.port} of half.test. 127.0.0.1 is critical.`,
    );
    expect(caught.problems[0]?.message).toBe(caught.unreachable?.message);
  });

  const resultOf = (status: 'ok' | 'critical' | 'unreachable', code: string | null) => {
    const problems =
      code === null ? [] : [{ code, severity: 'critical', message: `It is ${code}.`, remedy: 'Mend it.' }];
    return {
      result: { status, problems, address: null, certificate: null, timings: { tcp: 1 }, unreachable: null },
    };
  };
  const join = (results: [string, ReturnType<typeof resultOf>][], skipped: string[] = []) =>
    joinAddresses(
      // SAFETY: joining looks at these fields alone.
      results.map(([address, checked]) => ({ address, checked: checked as never })),
      skipped.map(v6),
    ) as { result: { problems: { message: string }[]; attempts: object[]; addresses: object[] } };

  it('say of what all share that it is so of all', () => {
    const { result } = join([
      ['192.0.2.1', resultOf('critical', 'expired')],
      ['192.0.2.2', resultOf('critical', 'expired')],
    ]);
    expect(result.problems.map(({ message }) => message)).toEqual(['It is expired.']);
  });

  it('say that a machine without IPv6 skipped those of IPv6, which makes nothing unreachable', () => {
    const fine = join([['192.0.2.1', resultOf('ok', null)]], ['2001:db8::1']);
    expect(fine.result).toMatchObject({
      status: 'ok',
      addresses: [{ address: '192.0.2.1' }],
      attempts: [
        { address: '192.0.2.1', outcome: 'answered' },
        { address: '2001:db8::1', outcome: 'no-ipv6' },
      ],
    });
    const wrong = join(
      [
        ['192.0.2.1', resultOf('critical', 'expired')],
        ['192.0.2.2', resultOf('ok', null)],
      ],
      ['2001:db8::1'],
    );
    expect(wrong.result.problems[0]?.message).toBe(
      '192.0.2.1: It is expired. 192.0.2.2 is fine. 2001:db8::1 was skipped: this machine has no IPv6.',
    );
  });
});

describe('whether this machine has an address of IPv6', () => {
  const having =
    (...addresses: [address: string, internal: boolean][]) =>
    () => ({
      any: addresses.map(([address, internal]) => ({ address, internal })),
    });
  const loopback = having(['127.0.0.1', true], ['::1', true], ['192.0.2.5', false]);
  it.each([
    ['2001:db8::1', loopback, false],
    ['::1', loopback, true],
    ['::1', having(['127.0.0.1', true]), false],
    ['2001:db8::1', having(['fe80::1', false]), false],
    ['fe80::9%eth0', having(['fe80::1', false]), true],
    ['2001:db8::1', having(['2001:db8::5', false]), true],
    ['2001:db8::1', having(['fd00::5', false]), true],
  ])('decides over %s', (address, interfaces, expected) => {
    expect(canReach(v6(address), interfaces)).toBe(expected);
    expect(canReach(v4('192.0.2.1'), interfaces)).toBe(true);
  });
});
