import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiveChannels } from '../support/channel-receiver.ts';
import { freePort } from '../support/free-port.ts';
import { dnsRecord, startNameServer, transferring } from '../support/name-server.ts';
import { makeCa } from '../support/pki.ts';
import { serveSocksProxy } from '../support/proxies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, serveTls } from '../support/tls-server.ts';

/**
 * The shell blocks of the docs, run line by line as a person pastes them: by bash, in a home and a folder of their own, with servers on
 * loopback in place of the hosts that they name. Each line has the outcome here that the text around it tells.
 */
const root = join(import.meta.dirname, '../..');

/** The lines of a page's shell blocks. */
function linesOf(page: string): string[] {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n(.*?)^```/gms);
  return [...blocks].flatMap(([, text = '']) => text.split('\n').filter((line) => line.trim() !== ''));
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;
/** What stands in place of a name or an address of the docs. */
type Place = [from: string | RegExp, to: string];

interface Outcome {
  /** The exit status; 0 unless given. */
  status?: number;
  /** What is printed, errors too. */
  says: RegExp;
  /** A file of the folder, and what is in it then. */
  writes?: [name: string, text: RegExp];
  /** Whether it goes on until it is ended. */
  isEndless?: boolean;
  /** What a person has done before, by the API. */
  after?: (call: Call, places: Place[]) => Promise<unknown>;
}

const commandLine: Record<string, Outcome> = {
  'notafter check example.com mail.example.com:587 [2001:db8::7]:8443': {
    status: 2,
    says: /localhost:\d+.*\n[\s\S]*127\.0\.0\.1:\d+.*\n/,
  },
  'notafter check ldap.internal:636 --ca our-root.pem --warning 20 --critical 5 --json': {
    status: 1,
    says: /"daysRemaining": ?\d+/,
  },
  'notafter check www.example.com --all-addresses --proxy socks5://127.0.0.1:1080': {
    status: 2,
    says: /localhost/,
  },
  'notafter check ./vpn.p12 --passphrase-file ./secret': {
    status: 1,
    says: /vpn\.p12 {2}expires in 1\d days/,
  },
  'notafter check --from hosts.txt --format junit > certificates.xml': {
    status: 2,
    says: /^$/,
    writes: ['certificates.xml', /^<\?xml[\s\S]*<testsuite /],
  },
  'notafter serve --open': {
    isEndless: true,
    says: /NotAfter[\s\S]*http:\/\/127\.0\.0\.1:\d+/,
    writes: ['opened', /\.html$/],
  },
  'notafter serve --listen 0.0.0.0:7444 --tls-cert ./service.pem --tls-key ./service.key': {
    isEndless: true,
    says: /https:\/\/127\.0\.0\.1:\d+/,
  },
  "notafter jobs add www.example.com --tag shop --schedule '0 6 * * *' --warning 20": {
    says: /localhost:\d+/,
  },
  'notafter jobs list --tag shop --sort expiry': { says: /localhost:\d+/ },
  'notafter jobs import uptime-kuma-backup.json --dry-run': { says: /Shop[^\n]*\nWould add 1 job;/ },
  'notafter jobs export --format ics --output expiries.ics': {
    says: /^/,
    writes: ['expiries.ics', /^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/],
  },
  'notafter jobs explain www.example.com': { says: /20 days/ },
  "notafter jobs accept vault.internal:8200 --problem untrusted-issuer --reason 'New root by December' --until 2026-12-01":
    { says: /^Accepted untrusted-issuer of localhost:\d+ through 20\d\d-\d\d-\d\d\.$/m },
  'notafter sources add letsencrypt /etc/letsencrypt/live --tag web': { says: /letsencrypt/ },
  'notafter sources entries letsencrypt': { says: /cert\.pem/ },
  'notafter channels add team --type slack --url-file ./slack-address': { says: /^Added team\./ },
  'notafter channels test team': { says: /^Delivered to team\.$/m },
  'notafter export --output notafter-export.json': {
    says: /^Not exported: secrets of channels: team\.$/m,
    writes: ['notafter-export.json', /"jobs"/],
  },
  'notafter import notafter-export.json': { says: /^Nothing was changed\. Run it again with --yes/m },
  'notafter import notafter-export.json --yes': { says: /^Added 0 jobs; 0 merged, 1 duplicate/m },
  'notafter report --days 30': { says: /localhost/ },
  'notafter report --tag shop --format html --output report.html': {
    says: /^/,
    writes: ['report.html', /<html/],
  },
  'notafter report --send weekly': {
    says: /team/,
    after: (call) => call('POST', '/reports', { name: 'weekly', pattern: '0 8 * * 1', channels: ['team'] }),
  },
};

const discovery: Record<string, Outcome> = {
  'notafter discover 10.0.0.0/24 --dry-run                    # count, and send nothing': {
    says: /^2 addresses[\s\S]*^Nothing was sent\.$/m,
  },
  'notafter discover 10.0.0.0/24 --ports web,mail             # text as it comes': { says: /:8443/ },
  'notafter discover 10.0.0.7 --names www.example.com,shop.example.com --format json': {
    says: /"finds"[\s\S]*www\.example\.com/,
  },
  'notafter discover --dns corp.example@ns1.corp.example --ports web,mail   # the hosts of a DNS zone': {
    says: /:8443/,
  },
  'notafter discover 10.0.0.0/24 --format notafter | notafter check --from -': { status: 2, says: /:8443/ },
  'notafter discover 10.0.0.0/24 --add --tag lab              # a job for each find, in the running app or service':
    { says: /:8443/ },
  "notafter discoveries add office 10.0.0.0/24 mail.corp --ports web,mail --schedule '0 3 * * 1' --timezone Europe/Berlin":
    { says: /office/ },
  'notafter discoveries add edge --from nginx:/etc/nginx/nginx.conf --add --tag edge   # a job for each new find':
    { says: /edge/ },
  'notafter discoveries run office': {
    says: /^Last run: done[\s\S]*3 new/m,
    after: async (call) => {
      for (const { id } of itemsOf(await call('GET', '/jobs?tag=lab'))) await call('DELETE', `/jobs/${id}`);
    },
  },
  'notafter discoveries finds office --state new': { says: /(?:.*:\d443.*\n){3}/ },
  'notafter discoveries add-finds 7 9 --tag office': {
    says: /^Added 2 jobs\./,
    after: async (call, places) => {
      const [first, second, third] = itemsOf(await call('GET', '/finds?state=new'));
      places.push(['7 9', `${first?.id} ${third?.id}`], ['ignore 8', `ignore ${second?.id}`]);
    },
  },
  'notafter discoveries ignore 8': { says: /^Ignored: 1 find\.$/m },
  'notafter discoveries forget --state vanished --not-seen-for 30': { says: /^Forgot 0 finds\.$/m },
};

/** A job that a call of the block has added. */
const newestJob: Outcome['after'] = async (call, places) => {
  const jobs = itemsOf(await call('GET', '/jobs?limit=1000'));
  const [newest] = jobs.toSorted((one, other) =>
    String(other.createdAt).localeCompare(String(one.createdAt)),
  );
  places.push(['jobs/ID', `jobs/${newest?.id}`]);
};

const api: Record<string, Outcome> = {
  [`curl -H "$auth" -H "$json" $api/check -d '{"target":{"host":"example.com"}}'`]: {
    says: /"status":"critical"/,
  },
  [`curl -H "$auth" -H "$json" $api/jobs -d '{"target":{"host":"example.com"},"schedule":{"type":"cron","pattern":"0 6 * * *"}}'`]:
    { says: /"pattern":"0 6 \* \* \*"/ },
  'curl -H "$auth" $api/jobs': { says: /"items":\[.*"total":\d/ },
  [`curl -H "$auth" -H "$json" $api/jobs/ID -X PATCH -d '{"schedule":{"type":"interval","minutes":30}}'`]: {
    says: /"minutes":30/,
    after: newestJob,
  },
  'curl -H "$auth" $api/jobs/ID -X DELETE': { says: /^$/ },
  [`curl -H "$auth" -H 'Content-Type: text/plain' $api/jobs/import --data-binary @hosts.txt`]: {
    says: /"added":\d/,
  },
  [`curl -H "$auth" -H "$json" $api/jobs/pause -d '{"minutes":60}'`]: { says: /"jobs":\d/ },
  'curl -H "$auth" "$api/alerts?open=true"': { says: /"items":\[\{/ },
  [`curl -H "$auth" -H "$json" $api/alerts/ID/snooze -d '{"until":"renewed"}'`]: {
    says: /"renewed"|"snoozed/,
    after: async (call, places) => {
      const [alert] = itemsOf(await call('GET', '/alerts?open=true'));
      places.push(['alerts/ID', `alerts/${alert?.id}`]);
    },
  },
  'curl -H "$auth" -N $api/events': { says: /./, isEndless: true },
};

const itemsOf = (answer: unknown) =>
  (answer as { items: { id: string | number; createdAt?: string }[] }).items;

const apiLines = linesOf('docs/api.md').filter((line) => !line.startsWith('#'));
/** The variables that the calls of the API are written with. */
const setup = apiLines.filter((line) => /^\w+=/.test(line));

const ca = makeCa();
const leaf = (...sans: string[]) => ca.issue({ sans, notBeforeDays: -50, notAfterDays: 15 });

describe('the blocks of the docs', () => {
  const home = temporaryFolder();
  const ends = new AsyncDisposableStack();
  ends.use({ [Symbol.asyncDispose]: async () => home[Symbol.dispose]() });
  /** In the order in which they are put. */
  const places: Place[] = [];
  let servicePort = 0;

  beforeAll(async () => {
    const issued = leaf('localhost', '127.0.0.1');
    const server = ends.use(await serveTls(issued, [ca]));
    const socks = ends.use(await serveSocksProxy());
    const chat = ends.use(await receiveChannels());
    // Two addresses of loopback that no other test has: one with a certificate for a name too, and two ports.
    const network = `127.77.${process.pid % 250}.${2 * Math.trunc(Math.random() * 120)}`;
    const next = network.replace(/\d+$/, (last) => String(Number(last) + 1));
    const named = leaf('www.example.com');
    for (const [host, port] of [
      [network, 8443],
      [network, 9443],
      [next, 8443],
    ] as const) {
      const own = leaf(host);
      const secure = createServer({
        cert: own.pem,
        key: own.key,
        SNICallback: (name, done) => {
          const isNamed = host === next && name === 'www.example.com';
          done(null, isNamed ? createSecureContext({ cert: named.pem, key: named.key }) : undefined);
        },
      });
      secure.on('tlsClientError', () => undefined); // A search hangs up once it has read the certificate.
      ends.use(await listen(secure, host, port));
    }

    const zone = transferring('corp.example', [dnsRecord('wiki.corp.example', 'A', next)]);
    const names = ends.use(await startNameServer(network, [], zone));

    const put = (name: string, text: string | Buffer) => writeFileSync(home.file(name), text);
    put('our-root.pem', ca.pem);
    put('hosts.txt', `localhost:${server.port}\n127.0.0.1:${server.port}\n`);
    put('secret', 'a passphrase\n');
    put('service.pem', issued.pem);
    put('service.key', issued.key);
    chmodSync(home.file('service.key'), 0o600);
    execFileSync(
      'openssl',
      [
        'pkcs12',
        '-export',
        '-in',
        'service.pem',
        '-inkey',
        'service.key',
        '-out',
        'vpn.p12',
        '-passout',
      ].concat('file:secret'),
      { cwd: home.path },
    );
    put('slack-address', `${chat.url}/services/T/B/x\n`);
    put(
      'uptime-kuma-backup.json',
      JSON.stringify({
        version: '1.23.0',
        monitorList: [{ id: 1, name: 'Shop', type: 'http', url: `https://127.0.0.1:${server.port}` }],
      }),
    );
    mkdirSync(home.file('live'));
    put('live/cert.pem', issued.pem);
    put('nginx.conf', `http { server { listen 443 ssl; server_name localhost; } }\n`);
    mkdirSync(home.file('bin'));
    put(
      'bin/notafter',
      `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/app/notafter.js')}' "$@"\n`,
    );
    put('bin/xdg-open', `#!/bin/sh\nprintf '%s' "$1" > '${home.file('opened')}'\n`);
    chmodSync(home.file('bin/notafter'), 0o755);
    chmodSync(home.file('bin/xdg-open'), 0o755);
    servicePort = await freePort();
    const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    put('.curlrc', 'silent\nshow-error\nfail-with-body\n');
    places.push(
      ['2026-12-01', date],
      ['http://127.0.0.1:7443', `http://127.0.0.1:${servicePort}`],
      ['"host":"example.com"', `"host":"localhost","port":${server.port}`],
      ['serve --open', `serve --open --port ${servicePort}`],
      ['serve --listen 0.0.0.0:7444', `serve --data second --port 0 --listen 127.0.0.1:${await freePort()}`],
      ['www.example.com,shop.example.com', 'WWW,SHOP'],
      [/(?:mail\.example\.com:587|\[2001:db8::7\]:8443|ldap\.internal:636)/g, `127.0.0.1:${server.port}`],
      [/(?:(?:www\.)?example\.com|vault\.internal:8200)/g, `localhost:${server.port}`],
      ['WWW,SHOP', 'www.example.com,shop.example.com'],
      ['127.0.0.1:1080', `127.0.0.1:${socks.port}`],
      ['/etc/letsencrypt/live', home.file('live')],
      ['/etc/nginx/nginx.conf', home.file('nginx.conf')],
      ['ns1.corp.example', names.place],
      ['10.0.0.0/24', `${network}/31`],
      ['10.0.0.7', next],
      // Where other programs of the machine listen on the ports of the web, they would be found too.
      ['mail.corp', network.replace('127.77.', '127.78.')],
    );
  });
  afterAll(() => ends.disposeAsync());

  const placed = (line: string) => places.reduce((text, [from, to]) => text.replace(from, to), line);

  /** A line as bash runs it; `until` ends what goes on by itself. */
  async function paste(
    line: string,
    { says: until, isEndless = false }: Outcome,
  ): Promise<{ status: number | null; text: string; child: ChildProcess }> {
    const { XDG_CONFIG_HOME: _config, XDG_CACHE_HOME: _cache, ...environment } = process.env;
    const script = [...(line.startsWith('curl') ? setup : []), isEndless ? `exec ${line}` : line]
      .map(placed)
      .join('\n');
    const child = spawn('bash', ['-c', script], {
      cwd: home.path,
      env: { ...environment, HOME: home.path, PATH: `${home.file('bin')}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const closed = once(child, 'close');
    const { promise: seen, resolve } = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (isEndless && until.test(text)) resolve();
      });
    await Promise.race([seen, closed]);
    return { status: child.exitCode, text, child };
  }

  const call: Call = async (method, path, body) => {
    const token = readFileSync(home.file('.config/NotAfter/token'), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${servicePort}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect({ path, isOk: answer.ok, text }).toMatchObject({ isOk: true });
    return text === '' ? null : JSON.parse(text);
  };

  async function holds(line: string, outcome: Outcome): Promise<void> {
    const { isEndless = false } = outcome;
    await outcome.after?.(call, places);
    const { status, text, child } = await paste(line, outcome);
    if (isEndless)
      ends.defer(async () => {
        const closed = once(child, 'close');
        child.kill('SIGTERM');
        expect(await closed).toEqual(line.startsWith('curl') ? [null, 'SIGTERM'] : [0, null]);
      });
    expect({ line, text, status }).toEqual({
      line,
      text: expect.stringMatching(outcome.says),
      status: isEndless ? null : (outcome.status ?? 0),
    });
    if (outcome.writes) {
      const [name, expected] = outcome.writes;
      await expect
        .poll(() => existsSync(home.file(name)) && readFileSync(home.file(name), 'utf8'))
        .toMatch(expected);
    }
  }

  it('have an outcome each', () => {
    expect([...setup, ...Object.keys(api)]).toEqual(apiLines);
    expect(Object.keys(commandLine)).toEqual(linesOf('docs/command-line.md'));
    expect(Object.keys(discovery)).toEqual(linesOf('docs/discovery.md'));
  });

  it.each([...Object.entries(commandLine), ...Object.entries(discovery), ...Object.entries(api)])(
    '%s',
    holds,
  );
});
