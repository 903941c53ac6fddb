import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { readDns } from '../../electron/engine/discovery/dns/read-dns.ts';
import { dnsSourceSchema } from '../../shared/schema/dns-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findProgram, freePort } from './real-server.ts';

/** Zone transfers from real name servers: `npm run test:servers`, as root on Debian with bind9, nsd and knot. */
const zone = 'corp.example';
/** More records than one message of 64 kB takes. */
const many = Array.from({ length: 5_000 }, (_, index) => `h${index} A 10.1.${index >> 8}.${index & 255}`);
const zoneText = `$ORIGIN ${zone}.
$TTL 60
@ SOA ns root 1 60 60 60 60
@ NS ns
ns A 127.0.0.1
@ MX 10 mail
mail A 10.0.0.25
wiki A 10.0.0.7
wiki AAAA fd00::7
www CNAME wiki
_imaps._tcp SRV 0 0 993 mail
_8443._tcp.wiki TLSA 3 1 1 ${'ab'.repeat(32)}
shop HTTPS 1 . alpn=h2 port=8444
inner NS ns.inner
ns.inner A 10.0.0.53
${many.join('\n')}
`;

type TemporaryFolder = ReturnType<typeof temporaryFolder>;

interface NameServer {
  name: string;
  program: string;
  /** Writes its configuration. @returns the arguments of the command that runs in the foreground */
  prepare: (folder: TemporaryFolder, port: number, allows: boolean) => string[];
}

const write = (folder: TemporaryFolder, name: string, text: string) => {
  writeFileSync(folder.file(name), text);
  return folder.file(name);
};

const servers: NameServer[] = [
  {
    name: 'BIND',
    program: 'named',
    prepare: (folder, port, allows) => [
      '-g',
      '-n',
      '1',
      '-c',
      write(
        folder,
        'named.conf',
        `options { directory "${folder.path}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none;
  session-keyfile none; recursion no; notify no; allow-transfer { ${allows ? '127.0.0.1' : 'none'}; }; };
controls { };
zone "${zone}" { type primary; file "${write(folder, 'zone', zoneText)}"; };
`,
      ),
    ],
  },
  {
    name: 'NSD',
    program: 'nsd',
    prepare: (folder, port, allows) => [
      '-d',
      '-c',
      write(
        folder,
        'nsd.conf',
        `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  database: ""
  zonesdir: "${folder.path}"
  pidfile: "${folder.file('pid')}"
  xfrdfile: "${folder.file('xfrd')}"
  zonelistfile: "${folder.file('zones')}"
  xfrdir: "${folder.path}"
remote-control:
  control-enable: no
zone:
  name: "${zone}"
  zonefile: "${write(folder, 'zone', zoneText)}"
${allows ? '  provide-xfr: 127.0.0.1 NOKEY\n' : ''}`,
      ),
    ],
  },
  {
    name: 'Knot',
    program: 'knotd',
    prepare: (folder, port, allows) => {
      mkdirSync(folder.file('run'));
      return [
        '-c',
        write(
          folder,
          'knot.conf',
          `server:
  rundir: "${folder.file('run')}"
  listen: 127.0.0.1@${port}
database:
  storage: "${folder.file('run')}"
acl:
  - id: all
    address: 127.0.0.1
    action: transfer
zone:
  - domain: ${zone}
    storage: "${folder.path}"
    file: "${write(folder, 'zone', zoneText)}"
    zonefile-sync: -1
${allows ? '    acl: all\n' : ''}`,
        ),
      ];
    },
  },
];

async function start(server: NameServer, allows: boolean): Promise<AsyncDisposable & { port: number }> {
  const folder = temporaryFolder();
  const port = await freePort();
  const args = server.prepare(folder, port, allows);
  const child = spawn(findProgram(server.program) ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4_000);
  });
  await vi.waitFor(() => reach(child, port, () => said), { timeout: 30_000, interval: 100 });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
      folder[Symbol.dispose]();
    },
  };
}

async function reach(child: ChildProcess, port: number, said: () => string): Promise<void> {
  if (child.exitCode !== null) throw new Error(`It ended: ${said()}`);
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

const reach53 = {
  resolve: () => Promise.reject(new Error('No name is looked up.')),
  ...{ mayReachPublic: false, isUnattended: true, exclude: [] },
};
const read = (port: number, domain = zone) =>
  readDns(
    dnsSourceSchema.parse({ domain, transfer: `127.0.0.1:${port}` }),
    reach53,
    new AbortController().signal,
  );

const installed = servers.filter(({ program }) => findProgram(program) !== null);

describe('real name servers', () => {
  it('are there, one at least', () => expect(installed.length).toBeGreaterThan(0));

  it.each(installed)('$name transfers a zone, whole', async (server) => {
    await using running = await start(server, true);
    // A server that listens may still load its zone.
    const found = await vi.waitFor(() => read(running.port), { timeout: 20_000, interval: 200 });
    const places = found.names.map(({ name, port, protocol, address }) => [name, port, protocol, address]);
    expect(places).toHaveLength(5_000 + 10);
    expect(places).toEqual(
      expect.arrayContaining([
        ['wiki.corp.example', null, null, '10.0.0.7'],
        ['wiki.corp.example', null, null, 'fd00::7'],
        ['www.corp.example', null, null, null],
        ['mail.corp.example', 25, 'smtp', null],
        ['mail.corp.example', 993, 'tls', null],
        ['wiki.corp.example', 8443, 'tls', null],
        ['shop.corp.example', 8444, 'tls', null],
        // Glue is part of the zone (RFC 5936 §3.3).
        ['ns.inner.corp.example', null, null, '10.0.0.53'],
        ['h4999.corp.example', null, null, '10.1.19.135'],
      ]),
    );
    expect(found.notes).toEqual([]);
    if (findProgram('dig') !== null) {
      const dig = ['@127.0.0.1', '-p', `${running.port}`, zone, 'AXFR', '+noall', '+answer'];
      const { stdout } = spawnSync('dig', dig, { encoding: 'utf8' });
      const addresses = stdout
        .split('\n')
        .filter((line) => /\sIN\s+A{1,4}\s/.test(line) && !/CNAME/.test(line));
      expect(places.filter(([, , , address]) => address !== null)).toHaveLength(addresses.length);
    }
  });

  it.each(installed)('$name says that it refuses', async (server) => {
    await using running = await start(server, false);
    await expect(read(running.port)).rejects.toThrow(
      /^The zone corp\.example could not be transferred: the name server 127\.0\.0\.1:\d+ (?:refuses the transfer|is not authoritative)/,
    );
    await expect(read(running.port, 'other.example')).rejects.toThrow(
      /the name server 127\.0\.0\.1:\d+ (?:refuses the transfer|is not authoritative|answers with the error)/,
    );
  });
});
