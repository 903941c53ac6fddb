import { describe, expect, it } from 'vitest';
import { Permissions } from '../../../electron/engine/discovery/permission.ts';
import { planSearch, type SearchRequest } from '../../../electron/engine/discovery/plan-search.ts';
import { resolveSearch } from '../../../electron/engine/discovery/resolve-search.ts';
import { defaultDiscoveryLimits } from '../../../shared/schema/discovery.ts';

const permissions = new Permissions(() => ({}));
const request = (given: Partial<SearchRequest>): SearchRequest => ({
  places: [],
  ports: [443, 8443],
  exclude: [],
  names: [],
  limits: defaultDiscoveryLimits,
  mayScanPublic: false,
  ...given,
});
const plan = (given: Partial<SearchRequest>) => planSearch(request(given), permissions);
const refusals = async (given: Partial<SearchRequest>) => (await plan(given)).plan.refused;

describe('the plan of a search', () => {
  it('counts addresses and connections, and says how long it takes', async () => {
    const ports = Array.from({ length: 12 }, (_, index) => 1000 + index);
    expect((await plan({ places: ['10.0.0.0/24'], ports })).plan).toMatchObject({
      addresses: 256,
      connections: 3_072,
      seconds: 154,
      sent: 0,
      refused: [],
    });
  });

  it('counts an address of two ranges once, and a host’s own port alone', async () => {
    const { plan: counted } = await plan({
      places: ['10.0.0.0/30', '10.0.0.2-5', 'web.example:7443', 'db.example'],
    });
    expect(counted).toMatchObject({ addresses: 6, hosts: 2, connections: 6 * 2 + 1 + 2 });
  });

  it('counts a pair once, whichever source names it and under whichever spelling', async () => {
    const at = (address: string, port: number | null) => ({ host: 'web.corp', port, address });
    const places = [
      '10.0.0.0/30',
      '10.0.0.1:443',
      '[::ffff:10.0.0.2]:8443',
      '10.0.0.2:7443',
      '10.0.0.2:7443',
    ];
    const hosts = [
      at('10.0.0.1', null),
      at('::ffff:10.0.0.1', 443),
      at('10.0.0.9', null),
      at('10.0.0.9', 443),
    ];
    const search = await plan({ places, hosts });
    // Four of the range and 10.0.0.9 on two ports, 10.0.0.2 on 7443.
    expect(search.plan).toMatchObject({ connections: 5 * 2 + 1, excluded: 0, refused: [] });
    const without = await plan({
      places,
      hosts,
      exclude: ['10.0.0.9:443', '[::ffff:10.0.0.2]:7443', '10.0.0.3'],
    });
    expect(without.plan).toMatchObject({ connections: 4 * 2 - 1, excluded: 4 });
    for (const one of [search, without]) {
      const { connections } = await resolveSearch(
        one,
        async () => [],
        new AbortController().signal,
        permissions,
      );
      expect(connections).toBe(one.plan.connections);
    }
  });

  it('leaves out ranges, hosts, ports, pairs and names', async () => {
    const exclude = ['10.0.0.4-7', '10.0.0.1', ':8443', '10.0.0.2:443', '*.lab.example', 'db.example'];
    const places = ['10.0.0.0/29', 'a.lab.example', 'db.example'];
    const { plan: counted, addresses } = await plan({ places, exclude });
    expect(addresses).toEqual(['10.0.0.0', '10.0.0.2', '10.0.0.3']);
    expect(counted).toMatchObject({ hosts: 0, ports: [443], connections: 2 });
    expect((await plan({ places, exclude, names: ['x.lab.example', 'y.example'] })).names).toEqual([
      'y.example',
    ]);
  });

  it.each([
    [{ places: ['10.0.0.1'], exclude: ['10.0.0.0/24'] }, 'Nothing to connect to: everything is excluded.'],
    [
      { places: ['224.0.0.1'] },
      'Nothing to connect to: everything is excluded. 1 address skipped: NotAfter never connects there.',
    ],
    [{ places: ['169.254.169.254:443'] }, '169.254.169.254 is never connected to.'],
    [{ places: ['10.0.0.1:9100'] }, 'Port 9100 is for printers'],
    [{ places: ['10.0.0.1:631'] }, 'Port 631 is for printers'],
    [{ places: ['exa mple'] }, 'is not a host name'],
    [{ places: ['10.0.0.0/16', '10.1.0.0/16'] }, 'at most 65,536 addresses'],
    [
      { places: ['10.0.0.0/16'], ports: Array.from({ length: 20 }, (_, index) => index + 1) },
      'at most 1,000,000 connections',
    ],
    [{ places: ['10.0.0.1'], exclude: ['exa mple'] }, 'is not a host name'],
  ])('refuses %j', async (given, sentence) => {
    expect(await refusals(given)).toEqual([expect.stringContaining(sentence)]);
  });

  it('wants the consent of a person for public addresses, whatever their form', async () => {
    for (const place of [
      '192.0.2.0/24',
      '192.0.2.7',
      '::ffff:192.0.2.7',
      '64:ff9b::192.0.2.7',
      '10.0.0.0-10.0.0.1',
    ])
      expect((await refusals({ places: [place] })).length).toBe(place.startsWith('10.') ? 0 : 1);
    expect(await refusals({ places: ['192.0.2.0/24'], mayScanPublic: true })).toEqual([]);
    expect(await refusals({ places: ['192.0.2.7:443'] })).toEqual([]);
  });

  it('bounds what a consent allows', async () => {
    const wide = await refusals({ places: ['192.0.0.0/21'], mayScanPublic: true });
    expect(wide).toEqual(['A search has at most 1,024 public addresses; this one has 2,048.']);
    const fast = { ...defaultDiscoveryLimits, perSecond: 21 };
    expect(await refusals({ places: ['192.0.2.7'], mayScanPublic: true, limits: fast })).toEqual([
      'A search of public addresses opens at most 20 connections per second.',
    ]);
  });

  it('judges the address that a file binds a host to, whatever the host is called', async () => {
    const bound = (address: string, port: number | null = null) => ({ host: '10.0.0.1', port, address });
    for (const port of [null, 443]) {
      const { plan: counted } = await plan({ hosts: [bound('8.8.8.8', port)] });
      expect(counted.publicAddresses).toBe(1);
      expect(counted.refused).toEqual([expect.stringContaining('1 address is public')]);
    }
    const named = { host: 'web.corp', port: 443, address: '::ffff:8.8.8.8' };
    expect(await refusals({ hosts: [named] })).toEqual([expect.stringContaining('1 address is public')]);
    expect(await refusals({ hosts: [{ ...bound('10.0.0.9'), host: '8.8.8.8' }] })).toEqual([]);
    const never = await plan({ hosts: [bound('169.254.169.254'), bound('10.0.0.2')] });
    expect(never.hosts).toEqual([bound('10.0.0.2')]);
    expect(never.plan.notes).toEqual(['1 address skipped: NotAfter never connects there.']);
    const exclude = ['10.0.0.0/24'];
    expect((await plan({ places: ['10.1.0.1'], hosts: [bound('10.0.0.2')], exclude })).hosts).toEqual([]);
  });

  it('counts the public hosts of a file with a port, each address once', async () => {
    const host = (index: number) => `8.0.${index >> 8}.${index & 255}`;
    const hosts = Array.from({ length: 1_025 }, (_, index) => ({
      host: `h${index}.example`,
      port: 443,
      address: host(index),
    }));
    expect(await refusals({ hosts })).toEqual([expect.stringContaining('1,025 addresses are public')]);
    expect(await refusals({ hosts, mayScanPublic: true })).toEqual([
      'A search has at most 1,024 public addresses; this one has 1,025.',
    ]);
    const same = hosts.map((one) => ({ ...one, address: '8.0.0.1' }));
    expect(await refusals({ hosts: same, mayScanPublic: true })).toEqual([]);
    const limits = { ...defaultDiscoveryLimits, perSecond: 21 };
    expect(await refusals({ hosts: same, mayScanPublic: true, limits })).toHaveLength(1);
    expect(await refusals({ hosts: [{ host: '8.8.8.8', port: 443, address: null }] })).toHaveLength(1);
  });

  it.each(['127.0.0.1', '::ffff:127.0.0.1', '[::ffff:7f00:1]', '127.0.0.0/30', '[::ffff:127.0.0.1]:4443'])(
    'leaves out %s under every spelling',
    async (excluded) => {
      const port = 4443;
      const spellings = ['127.0.0.1', '::ffff:127.0.0.1', '0:0:0:0:0:FFFF:7f00:1', '64:ff9b::127.0.0.1'];
      const hosts = spellings.flatMap((address) => [
        { host: 'web.corp', port, address },
        { host: address, port, address: null },
      ]);
      const places = ['[::ffff:127.0.0.1]:4443', '127.0.0.1:4443', '10.0.0.1'];
      const left = await plan({ hosts, places, exclude: [excluded] });
      expect(left.hosts).toEqual([]);
    },
  );

  it.each([
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1', 'FE80:0::1%eth0'],
    ['[FE80::1%eth0]', 'fe80:0::1%eth0'],
    ['[fe80::1]:4443', '[fe80::1%eth0]:4443'],
  ])('leaves out %s where %s is searched', async (excluded, place) => {
    const { hosts, addresses } = await plan({ places: [place, '10.0.0.1'], exclude: [excluded] });
    expect({ hosts, addresses }).toEqual({ hosts: [], addresses: ['10.0.0.1'] });
  });

  it('reads IPv6 addresses in brackets, with a port and without', async () => {
    const places = ['[::1]:4443', '[2001:DB8::7]', '[fe80::1%eth0]', '[FE80::1%eth0]:4443'];
    const { hosts, addresses, plan: counted } = await plan({ places, mayScanPublic: true });
    expect(hosts.map(({ host, port }) => [host, port])).toEqual([
      ['::1', 4443],
      ['fe80::1%eth0', null],
      ['fe80::1%eth0', 4443],
    ]);
    expect({ addresses, refused: counted.refused }).toEqual({ addresses: ['2001:db8::7'], refused: [] });
    expect((await plan({ places, exclude: ['[::1]:4443'], mayScanPublic: true })).hosts).toHaveLength(2);
  });

  it('leaves ports of printers out, wherever they come from', async () => {
    const host = { host: 'cups.corp', address: '10.0.0.5' };
    const hosts = [
      { ...host, port: 631 },
      { ...host, port: 443 },
    ];
    const planned = await plan({ hosts, places: ['10.0.0.9'], ports: [443, 9100] });
    expect(planned.plan).toMatchObject({ ports: [443], hosts: 1, connections: 2, refused: [] });
    expect(planned.plan.notes.join()).toContain('631');
  });

  it('leaves out a port of a host’s own', async () => {
    const planned = await plan({ places: ['web.corp:8443', 'web.corp:443'], exclude: [':8443'] });
    expect(planned.plan).toMatchObject({ hosts: 1, connections: 1 });
  });

  it('skips addresses that are never connected to within a range', async () => {
    const { addresses, plan: counted } = await plan({ places: ['169.254.169.253-255'] });
    expect(addresses).toEqual(['169.254.169.253', '169.254.169.255']);
    expect(counted.notes).toEqual(['1 address skipped: NotAfter never connects there.']);
  });
});

describe('the hosts of a search', () => {
  const { signal } = new AbortController();
  const asked: string[] = [];
  const answers: Record<string, string[]> = {
    'web.corp': ['10.0.0.7', '10.0.0.8'],
    'rebound.example': ['192.0.2.9'],
    'metadata.example': ['169.254.169.254', '::ffff:169.254.169.254'],
    'printer.corp': ['10.0.0.8'],
    'mapped.corp': ['::ffff:10.0.0.8', '::FFFF:a00:8', '10.0.0.8', '2001:DB8:0:0::1', '2001:db8::1'],
    'long.example': ['2001:DB8:0::1'],
  };
  const resolve = async (name: string) => {
    asked.push(name);
    const found = answers[name];
    if (!found) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
    return found.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) }));
  };
  const resolved = async (given: Partial<SearchRequest>) =>
    resolveSearch(await plan(given), resolve, signal, permissions);

  it('are resolved once, and judged by their addresses', async () => {
    asked.length = 0;
    const { addresses, namesOf, refused } = await resolved({ places: ['web.corp', '10.0.0.7'] });
    expect(addresses).toEqual(['10.0.0.7', '10.0.0.8']);
    expect(namesOf.get('10.0.0.8')).toEqual(['web.corp']);
    expect({ refused, asked }).toEqual({ refused: [], asked: ['web.corp'] });
  });

  it('need consent where a name leads to a public address', async () => {
    const { refused } = await resolved({ places: ['rebound.example'] });
    expect(refused).toEqual([
      expect.stringContaining('rebound.example resolves to 192.0.2.9, which is public'),
    ]);
    expect((await resolved({ places: ['rebound.example'], mayScanPublic: true })).refused).toEqual([]);
    expect((await resolved({ places: ['rebound.example:443'] })).refused).toEqual([]);
  });

  it('need consent where a file gives a name with a port that leads to a public address', async () => {
    const hosts = [{ host: 'rebound.example', port: 443, address: null }];
    const { refused } = await resolved({ hosts });
    expect(refused).toEqual([expect.stringContaining('resolves to 192.0.2.9, which is public')]);
    expect((await resolved({ hosts, mayScanPublic: true })).refused).toEqual([]);
    const limits = { ...defaultDiscoveryLimits, perSecond: 21 };
    expect((await resolved({ hosts, mayScanPublic: true, limits })).refused).toHaveLength(1);
  });

  it('are skipped where they lead to a metadata service, whoever consents', async () => {
    const search = { places: ['metadata.example:80', 'metadata.example'], mayScanPublic: true };
    const { addresses, more, skipped } = await resolved(search);
    expect({ addresses, more }).toEqual({ addresses: [], more: [] });
    expect(skipped.join(' ')).toContain('which NotAfter never connects to');
  });

  it('leave out the addresses of an excluded name, or refuse to start where it has none', async () => {
    const { addresses } = await resolved({ places: ['10.0.0.8-9', 'web.corp'], exclude: ['printer.corp'] });
    expect(addresses).toEqual(['10.0.0.9', '10.0.0.7']);
    const { refused } = await resolved({ places: ['10.0.0.9'], exclude: ['gone.corp'] });
    expect(refused).toEqual(['The excluded host gone.corp cannot be resolved.']);
  });

  it('have each address once, whatever the spelling of the resolver, and exclusions hold for all', async () => {
    const all = { places: ['mapped.corp', '10.0.0.8'], mayScanPublic: true };
    expect((await resolved(all)).addresses).toEqual(['10.0.0.8', '2001:db8::1']);
    for (const exclude of [
      ['printer.corp', 'long.example'],
      ['10.0.0.0/24', '[2001:db8::1]'],
    ])
      expect((await resolved({ ...all, places: ['mapped.corp', '10.1.0.1'], exclude })).addresses).toEqual([
        '10.1.0.1',
      ]);
    const { leftOut } = await resolved({ ...all, exclude: ['mapped.corp:443'] });
    expect([...leftOut]).toEqual(['10.0.0.8|443', '2001:db8::1|443']);
  });

  it('leave out a name on one port, at every address that it has', async () => {
    const { leftOut } = await resolved({
      places: ['10.0.0.0/29'],
      exclude: ['printer.corp:443', '10.0.0.3:8443'],
    });
    expect([...leftOut]).toEqual(['10.0.0.8|443', '10.0.0.3|8443']);
    const { refused } = await resolved({ places: ['10.0.0.9'], exclude: ['gone.corp:443'] });
    expect(refused).toEqual(['The excluded host gone.corp cannot be resolved.']);
  });

  it('skips names that are not known, and says so', async () => {
    const { skipped, addresses } = await resolved({ places: ['gone.corp', '10.0.0.9'] });
    expect(addresses).toEqual(['10.0.0.9']);
    expect(skipped).toEqual(['The name gone.corp is not known to the name server.']);
  });

  it('takes the address that a file binds a name to, without a look-up', async () => {
    asked.length = 0;
    const hosts = [{ host: 'intra.corp', port: null, address: '10.0.0.5' }];
    const { addresses, namesOf } = await resolved({ hosts });
    expect({ addresses, names: namesOf.get('10.0.0.5'), asked }).toEqual({
      addresses: ['10.0.0.5'],
      names: ['intra.corp'],
      asked: [],
    });
  });
});
