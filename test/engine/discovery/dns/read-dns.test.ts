import dns from 'node:dns';
import { isIPv6, type Socket } from 'node:net';
import type { Answer, DecodedPacket } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type DnsReach,
  NameServerConsentError,
  readDns,
  refuseServers,
} from '../../../../electron/engine/discovery/dns/read-dns.ts';
import { serviceNames } from '../../../../electron/engine/discovery/names/zone/services.ts';
import { dnsSourceSchema } from '../../../../shared/schema/dns-source.ts';
import {
  dnsMessage,
  dnsRecord,
  rcodes,
  soaOf,
  startNameServer,
  transferring,
} from '../../../support/name-server.ts';

const zone = 'corp.example';
const never = new AbortController().signal;
const reach: DnsReach = {
  resolve: async (name) => {
    if (name === 'ns.corp.example') return [{ address: '127.28.0.1', family: 4 }];
    if (name === 'meta.corp.example') return [{ address: '169.254.169.254', family: 4 }];
    return [{ address: '192.0.2.53', family: 4 }];
  },
  ...{ mayReachPublic: false, isUnattended: true, exclude: [] },
};
const source = (more: object = {}) => dnsSourceSchema.parse({ domain: zone, ...more });
const read = (more: object, change: Partial<DnsReach> = {}, signal = never) =>
  readDns(source(more), { ...reach, ...change }, signal);

/** Priority 1, target `.`, port 8443 (RFC 9460 §2.2). */
const bound = Buffer.from([0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x32, 0, 3, 0, 2, 0x20, 0xfb]);
const records: Answer[] = [
  dnsRecord(zone, 'NS', 'ns.corp.example'),
  dnsRecord('wiki.corp.example', 'A', '10.0.0.7'),
  dnsRecord('v6.corp.example', 'AAAA', 'fd00::7'),
  dnsRecord('www.corp.example', 'CNAME', 'wiki.corp.example'),
  dnsRecord('*.apps.corp.example', 'A', '10.0.0.8'),
  dnsRecord(zone, 'MX', { preference: 10, exchange: 'mail.other.example' }),
  dnsRecord(`_imaps._tcp.${zone}`, 'SRV', { priority: 0, weight: 0, port: 993, target: 'imap.corp.example' }),
  dnsRecord('_8443._tcp.api.corp.example', 'TLSA', {
    ...{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32) },
  }),
  dnsRecord('shop.corp.example', 'UNKNOWN_65', bound),
  dnsRecord('evil.other.example', 'A', '10.0.0.9'),
  dnsRecord(`txt.${zone}`, 'TXT', 'v=spf1 -all'),
];
const places = ({ names }: Awaited<ReturnType<typeof read>>) =>
  names.map(({ name, port, protocol, address }) => [name, port, protocol, address]);

describe('the zone of a domain', () => {
  it('is transferred over TCP, and names hosts at their addresses and services at their ports', async () => {
    await using server = await startNameServer('127.28.0.1', [], transferring(zone, records));
    const found = await read({ transfer: `ns.corp.example:${server.port}` });
    expect(places(found)).toEqual([
      ['wiki.corp.example', null, null, '10.0.0.7'],
      ['v6.corp.example', null, null, 'fd00::7'],
      ['www.corp.example', null, null, null],
      ['*.apps.corp.example', null, null, '10.0.0.8'],
      ['mail.other.example', 25, 'smtp', null],
      ['imap.corp.example', 993, 'tls', null],
      ['api.corp.example', 8443, 'tls', null],
      ['shop.corp.example', 8443, 'tls', null],
    ]);
    expect(found.isWhole).toBe(true);
    expect(found.notes).toEqual([
      `corp.example@ns.corp.example:${server.port}: 1 record of names outside of the zone left out.`,
    ]);
    expect(server.asked).toEqual([{ name: zone, type: 'AXFR', over: 'tcp' }]);
    await expect.poll(() => server.open).toBe(0);
  });

  it('gives the kinds of records that are wanted', async () => {
    await using server = await startNameServer('127.28.0.2', [], transferring(zone, records, 1));
    const found = await read({ transfer: server.place, records: ['mx', 'tlsa'] });
    expect(places(found).map(([name]) => name)).toEqual(['mail.other.example', 'api.corp.example']);
  });

  const begin = [soaOf(zone), ...records.slice(1, 3)];
  // An owner name of one label, behind which it points at itself (RFC 1035 §4.1.4).
  const loop = Buffer.from('001a0000840000000001000000000161c00c00010001000000000000', 'hex');
  it.each<[string, (query: DecodedPacket) => Buffer[], string]>([
    [
      'is refused',
      (query) => [dnsMessage(query, [], { flags: rcodes.REFUSED })],
      'refuses the transfer: let',
    ],
    [
      'is of another server',
      (query) => [dnsMessage(query, [], { flags: rcodes.NOTAUTH })],
      'is not authoritative',
    ],
    [
      'is broken there',
      (query) => [dnsMessage(query, [], { flags: rcodes.SERVFAIL })],
      'answers with the error SERVFAIL',
    ],
    // RFC 5936 §2.2.1: the id of the query, in each message.
    [
      'has another id',
      (query) => [dnsMessage(query, begin, { id: (query.id ?? 0) ^ 1 })],
      'a question that it was not asked',
    ],
    [
      'is another',
      (query) => [dnsMessage(query, begin, { questions: [{ name: 'x.example', type: 'AXFR' }] })],
      'a question that it was not asked',
    ],
    [
      'is a query',
      (query) => [dnsMessage(query, begin, { type: 'query' })],
      'a question that it was not asked',
    ],
    // RFC 5936 §2.2: the SOA record first and last.
    [
      'begins without SOA',
      (query) => [dnsMessage(query, records.slice(1))],
      'begins the zone without its SOA record',
    ],
    [
      'begins with that of another zone',
      (query) => [dnsMessage(query, [soaOf('x.example'), ...records])],
      'begins the zone without',
    ],
    ['ends without SOA', (query) => [dnsMessage(query, begin)], 'ends the zone before it is complete'],
    [
      'turns into an error',
      (query) => [dnsMessage(query, begin), dnsMessage(query, [], { flags: rcodes.REFUSED })],
      'refuses the transfer',
    ],
    ['is no DNS', () => [Buffer.from('\0\u0010HTTP/1.1 400 Bad')], 'sends what is not a DNS message'],
    ['is cut off', () => [Buffer.from([0xff, 0xff, 1, 2])], 'closes the connection without an answer'],
    ['has a name that points at itself', () => [loop], 'sends what is not a DNS message'],
    ['is nothing', () => [], 'closes the connection without an answer'],
  ])('that %s names no host', async (_, answer, words) => {
    await using server = await startNameServer('127.28.0.3', [], (query, socket) => {
      socket.end(Buffer.concat(answer(query)));
    });
    await expect(read({ transfer: server.place })).rejects.toThrow(
      `The zone corp.example could not be transferred: the name server ${server.place} `,
    );
    await expect(read({ transfer: server.place })).rejects.toThrow(words);
  });

  it('has bounds, and holds nothing up while it comes', async () => {
    let messages = 0;
    await using server = await startNameServer('127.28.0.4', [], (query, socket) => {
      // Records without end.
      const many = Array.from({ length: 200 }, (_, index) => dnsRecord(`h${index}.${zone}`, 'A', '10.0.0.7'));
      const more = dnsMessage(query, many, { questions: [] });
      const write = () => {
        while (!socket.destroyed && socket.write(more)) messages += 1;
      };
      socket.on('drain', write);
      socket.write(dnsMessage(query, [soaOf(zone)]));
      write();
    });
    await expect(read({ transfer: server.place })).rejects.toThrow(
      'sends a zone of more than 200,000 records.',
    );
    expect(messages).toBeGreaterThan(500);
    await expect.poll(() => server.open).toBe(0);
  });

  it('is given up with the search: its connection is closed', async () => {
    const asked = Promise.withResolvers<void>();
    await using server = await startNameServer('127.28.0.5', [], () => asked.resolve());
    const stop = new AbortController();
    const reading = read({ transfer: server.place }, {}, stop.signal);
    await asked.promise;
    stop.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
    await expect.poll(() => server.open).toBe(0);
  });
});

describe('the name server of a zone', () => {
  const named = (...addresses: string[]): DnsReach['resolve'] => {
    const all = addresses.map((address) => ({
      address,
      family: isIPv6(address) ? (6 as const) : (4 as const),
    }));
    return async () => all;
  };

  it('is asked at the first of its addresses that connects', async () => {
    await using server = await startNameServer('127.28.0.10', [], transferring(zone, records));
    const transfer = `ns.corp.example:${server.port}`;
    for (const first of ['127.28.0.250', '::1', 'fe80::1%none']) {
      const found = await read({ transfer }, { resolve: named(first, '127.28.0.10') });
      expect(found.names).toHaveLength(8);
    }
    expect(server.asked).toHaveLength(3);
    await expect(read({ transfer }, { resolve: named('127.28.0.250', '127.28.0.251') })).rejects.toThrow(
      `the name server ${transfer} cannot be connected to at any of its addresses: 127.28.0.250 cannot be reached over TCP (ECONNREFUSED) and 127.28.0.251`,
    );
  });

  it('is asked at those of its addresses alone that may be connected to', async () => {
    await using server = await startNameServer('127.28.0.11', [], transferring(zone, records));
    await using left = await startNameServer('127.28.0.12', [], transferring(zone, records), server.port);
    const transfer = `ns.corp.example:${server.port}`;
    for (const first of ['192.0.2.53', '169.254.169.254', '127.28.0.12']) {
      const change = { resolve: named(first, '127.28.0.11'), exclude: ['127.28.0.12'] };
      expect((await read({ transfer }, change)).names).toHaveLength(8);
    }
    expect([server.asked.length, left.asked.length]).toEqual([3, 0]);
    await expect(read({ transfer }, { resolve: named('169.254.169.254', '192.0.2.53') })).rejects.toThrow(
      NameServerConsentError,
    );
  });

  it.each([
    [{ transfer: '169.254.169.254' }, {}, 'The name server 169.254.169.254 is never connected to.'],
    [
      { transfer: 'meta.corp.example' },
      { mayReachPublic: true },
      'The name server meta.corp.example (169.254.169.254) is never',
    ],
    [{ transfer: '[::ffff:169.254.169.254]:53' }, { isUnattended: false }, 'is never connected to.'],
    [
      { transfer: '192.0.2.53' },
      {},
      'The name server 192.0.2.53 is public. Scanning public addresses needs a person’s',
    ],
    [{ transfer: 'public.example' }, {}, 'The name server public.example (192.0.2.53) is public. Scanning'],
    [{ transfer: '127.28.0.9' }, { exclude: ['127.28.0.0/16'] }, 'is excluded from the search.'],
    [{ transfer: 'ns.corp.example' }, { exclude: ['*.corp.example'] }, 'is excluded from the search.'],
    [{ transfer: '127.28.0.9:5353' }, { exclude: ['127.28.0.9:5353'] }, 'is excluded from the search.'],
    [{ transfer: '127.28.0.9' }, { exclude: [':53'] }, 'is excluded from the search.'],
  ])('%o is not connected to under %o', async (more, change, sentence) => {
    await expect(read(more, change)).rejects.toThrow(sentence);
  });

  it('is public only with consent in a saved search, and named by a person on the command line', async () => {
    await expect(read({ transfer: '192.0.2.53' })).rejects.toThrow(NameServerConsentError);
    const sources = [source({ transfer: '192.0.2.53' }), source({ transfer: 'ns.corp.example' }), source()];
    expect(refuseServers(sources, reach)).toHaveLength(1);
    expect(refuseServers(sources, { ...reach, mayReachPublic: true })).toEqual([]);
    expect(refuseServers(sources, { ...reach, isUnattended: false })).toEqual([]);
  });

  it.each([
    ['10.0.0.9:9100', 'Port 9100 is for printers'],
    ['10.0.0.9:0', 'A name server is a host or address'],
    ['[10.0.0.9]', 'A name server is a host or address'],
    ['ns1.example/x', 'A name server is a host or address'],
    ['https://ns1.example', 'A name server is a host or address'],
  ])('%s is refused: %s', (transfer, sentence) => {
    const parsed = dnsSourceSchema.safeParse({ domain: zone, transfer });
    expect(parsed.error?.issues[0]?.message).toContain(sentence);
  });
});

describe('the records of a domain', () => {
  const before = dns.getServers();
  afterEach(() => dns.setServers(before));

  it('are looked up at the name servers of the system: no server is asked for the zone', async () => {
    const own = [
      dnsRecord(zone, 'A', '10.0.0.6'),
      ...records,
      dnsRecord(`_443._tcp.${zone}`, 'TLSA', {
        usage: 3,
        selector: 1,
        matchingType: 1,
        certificate: Buffer.alloc(32),
      }),
      dnsRecord(zone, 'UNKNOWN_65', bound),
    ];
    await using server = await startNameServer('127.28.0.6', own);
    dns.setServers([server.place]);
    const found = await read({});
    expect(places(found)).toEqual([
      [zone, null, null, '10.0.0.6'],
      ['mail.other.example', 25, 'smtp', null],
      ['imap.corp.example', 993, 'tls', null],
      [zone, 443, 'tls', null],
      [zone, 8443, 'tls', null],
    ]);
    expect([found.isWhole, found.notes]).toEqual([true, []]);
    expect(server.asked.map(({ type }) => type)).not.toContain('AXFR');
    expect(server.asked.filter(({ type }) => type === 'SRV')).toHaveLength(serviceNames.length);
  });

  it('are of the kinds that are wanted, and none is said to be none', async () => {
    await using server = await startNameServer('127.28.0.7', [dnsRecord(zone, 'TXT', 'x')]);
    dns.setServers([server.place]);
    const found = await read({ records: ['mx'] });
    expect(server.asked).toEqual([{ name: zone, type: 'MX', over: 'udp' }]);
    expect([found.names, found.notes]).toEqual([[], ['corp.example in DNS: There are no such records.']]);
  });

  const tlsa = { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32) };
  /** Answers each question over TCP by its type and name. */
  const answering =
    (answers: Readonly<Record<string, readonly Answer[]>>, isClosing = false) =>
    (query: DecodedPacket, socket: Socket) => {
      const [question] = query.questions ?? [];
      const message = dnsMessage(query, answers[`${question?.type} ${question?.name}`] ?? []);
      if (isClosing) socket.end(message);
      else socket.write(message);
    };

  // RFC 1034 §3.6.2: the answer has the CNAME records, and the records of the name that they lead to, in any order and either case.
  it('are those of the name that was asked for, also where it is an alias of another', async () => {
    const overTcp = answering({
      [`UNKNOWN_65 ${zone}`]: [
        dnsRecord('D1.cdn.example', 'UNKNOWN_65', bound),
        dnsRecord('edge.example', 'CNAME', 'd1.CDN.example'),
        dnsRecord('Corp.example', 'CNAME', 'edge.example'),
      ],
      [`TLSA _443._tcp.${zone}`]: [
        dnsRecord(`_443._tcp.${zone}`, 'CNAME', '_dane.hosting.example'),
        dnsRecord('_dane.hosting.example', 'TLSA', tlsa),
      ],
    });
    await using server = await startNameServer('127.28.0.13', [dnsRecord(zone, 'A', '10.0.0.6')], overTcp);
    dns.setServers([server.place]);
    const found = await read({ records: ['a', 'tlsa', 'svcb'] });
    expect(places(found)).toEqual([
      [zone, null, null, '10.0.0.6'],
      [zone, 443, 'tls', null],
      [zone, 8443, 'tls', null],
    ]);
    expect([found.isWhole, found.notes]).toEqual([true, []]);
  });

  it('are none of other names, nor of other types', async () => {
    const overTcp = answering({
      [`TLSA _443._tcp.${zone}`]: [
        dnsRecord('_22._tcp.victim.example', 'TLSA', tlsa),
        dnsRecord(`_443._tcp.${zone}`, 'A', '10.0.0.66'),
        // Names that lead to each other lead nowhere.
        dnsRecord(`_443._tcp.${zone}`, 'CNAME', 'loop.example'),
        dnsRecord('loop.example', 'CNAME', `_443._tcp.${zone}`),
        dnsRecord('other.example', 'CNAME', '_22._tcp.victim.example'),
      ],
    });
    await using server = await startNameServer('127.28.0.14', [dnsRecord(zone, 'A', '10.0.0.6')], overTcp);
    dns.setServers([server.place]);
    expect(places(await read({ records: ['a', 'tlsa'] }))).toEqual([[zone, null, null, '10.0.0.6']]);
  });

  it('are all asked for where the name server closes the connection after each answer', async () => {
    const overTcp = answering(
      {
        [`TLSA _5269._tcp.${zone}`]: [dnsRecord(`_5269._tcp.${zone}`, 'TLSA', tlsa)],
        [`UNKNOWN_65 ${zone}`]: [dnsRecord(zone, 'UNKNOWN_65', bound)],
      },
      true,
    );
    await using server = await startNameServer('127.28.0.15', [dnsRecord(zone, 'A', '10.0.0.6')], overTcp);
    dns.setServers([server.place]);
    const found = await read({ records: ['a', 'tlsa', 'svcb'] });
    expect(places(found).map(([, port]) => port)).toEqual([null, 5269, 8443]);
    expect([found.isWhole, found.notes]).toEqual([true, []]);
    await expect.poll(() => server.open).toBe(0);
  });

  it('are incomplete where a name server answers some of them alone', async () => {
    await using server = await startNameServer(
      '127.28.0.8',
      [dnsRecord(zone, 'A', '10.0.0.6')],
      (_, socket) => {
        socket.end();
      },
    );
    dns.setServers([server.place]);
    const found = await read({ records: ['a', 'tlsa'] });
    expect(places(found)).toEqual([[zone, null, null, '10.0.0.6']]);
    expect(found.isWhole).toBe(false);
    expect(found.notes).toEqual([
      'corp.example in DNS: TLSA and HTTPS records were not all looked up: the name server closes the connection without an answer.',
      'corp.example in DNS: The name server did not answer 8 of the look-ups.',
    ]);
  });
});
