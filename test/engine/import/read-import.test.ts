import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadImport, readImport } from '../../../electron/engine/import/read-import.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';

const sample = (name: string) => readFileSync(join(import.meta.dirname, 'samples', name), 'utf8');

function read(body: unknown, ...rest: [Parameters<typeof readImport>[1]?, string?]): ReadImport {
  const result = readImport(body, ...rest);
  if ('message' in result) throw new Error(result.message);
  return result;
}

/** What was understood, in a line each. */
function told({ items }: ReadImport): string[] {
  return items.map((item) => {
    if ('message' in item) return `${item.line} ✗ ${item.message}`;
    const { target, tags, paused } = item.job;
    const starttls = isFileTarget(target) || target.starttls === null ? '' : ` ${target.starttls}`;
    const sni = isFileTarget(target) || target.servername === null ? '' : ` as ${target.servername}`;
    return `${item.line} ${formatTarget(target)}${starttls}${sni}${tags.map((tag) => ` #${tag}`).join('')}${paused ? ' paused' : ''}`;
  });
}

describe('Uptime Kuma’s backup', () => {
  it('gives what looks at a certificate, and says why the rest does not', () => {
    const result = read(sample('uptime-kuma.json'));
    expect(result.format).toBe('uptime-kuma');
    expect(told(result)).toEqual([
      '1 shop.example.com #prod #team: web',
      '2 intra.example.com:8443 paused',
      '3 mail.example.com:587 smtp',
      '4 ✗ Plain HTTP shows no certificate.',
      '5 ✗ A monitor of type ping looks at no certificate.',
      '6 ledger.example.com:9443',
    ]);
    expect(result.items[0]).toMatchObject({ job: { name: 'Shop', notes: 'behind the balancer' } });
  });
});

it('Uptime Kuma’s proxy of a monitor is left out with a note', () => {
  const monitor = { type: 'http', url: 'https://a.example', name: 'a' };
  const { items } = read({
    monitorList: [
      { ...monitor, proxyId: 3 },
      { ...monitor, proxyId: null },
    ],
  });
  expect(items).toMatchObject([{ note: 'Left out: its proxy.' }, { job: {} }]);
  expect(items[1]).not.toHaveProperty('note');
});

describe('Prometheus', () => {
  it('file_sd in YAML, labels as tags', () => {
    expect(told(read(sample('file-sd.yml')))).toEqual([
      '1 www.example.com #team: web',
      '1 mail.example.com:587 smtp #team: web',
      '2 [2001:db8::7]:8443',
      '2 ✗ Plain HTTP shows no certificate.',
    ]);
  });

  it('file_sd in JSON, as text or read already', () => {
    const lines = ['1 ldap.example.com:636 #env: prod', '2 ✗ This is not a group of targets.'];
    expect(told(read(sample('file-sd.json')))).toEqual(lines);
    expect(told(read(JSON.parse(sample('file-sd.json'))))).toEqual(lines);
  });

  it('a target that is no text costs none of its group', () => {
    expect(told(read([{ targets: ['a.example', null, 5, 'b.example'] }, { targets: null }]))).toEqual([
      '1 a.example',
      '1 ✗ A target is a text such as example.com:443.',
      '1 ✗ A target is a text such as example.com:443.',
      '1 b.example',
      '2 ✗ This is not a group of targets.',
    ]);
  });

  it('a whole configuration: what is probed or asked over TLS', () => {
    const result = read(sample('prometheus.yml'));
    expect(result.format).toBe('prometheus');
    expect(told(result)).toEqual([
      '1 ✗ The targets of node are asked over plain HTTP, which shows no certificate.',
      '2 db.example.com:5432 postgres #blackbox-tls #env: prod',
      '2 shop.example.com #blackbox-tls #env: prod',
      '3 api.example.com:9443 #api',
      '4 ✗ found finds its targets elsewhere; import its file_sd files.',
    ]);
  });

  it('modules of blackbox_exporter that look at no certificate are skipped', () => {
    const config = (module: string) =>
      `scrape_configs:\n- job_name: one\n  metrics_path: /probe\n  params: {module: [${module}]}\n  static_configs: [{targets: [192.0.2.7]}]\n`;
    for (const module of ['icmp', 'icmp_ipv4', 'dns-udp', 'ssh_banner'])
      expect(told(read(config(module)))).toEqual([`1 ✗ The module ${module} of one shows no certificate.`]);
    expect(told(read(config('icmpless_tls')))).toEqual(['1 192.0.2.7 #one']);
  });

  it('YAML that is none, or grows without end, is refused in a sentence', () => {
    expect(readImport('- targets: [a\n  b: {', 'prometheus')).toMatchObject({
      message: expect.stringMatching(/not YAML/),
    });
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const before = '*'.concat('abcdefg'[index] ?? '');
        return `${name}: &${name} [${Array(9).fill(before).join(', ')}]`;
      }),
    ].join('\n');
    expect(readImport(bomb, 'prometheus')).toHaveProperty('message');
  });
});

describe('check_ssl_cert', () => {
  it('command lines, in Nagios’ definitions, crontabs and alone', () => {
    const result = read(sample('check_ssl_cert.txt'));
    expect(result.format).toBe('check-ssl-cert');
    expect(told(result)).toEqual([
      '4 shop.example.com',
      '6 192.0.2.7:8443 as intra.example.com',
      '7 mail.example.com:587 smtp',
      '8 db.example.com:5432 postgres',
      '10 [2001:db8::7]',
      '11 ✗ This format imports hosts only. Add certificate files yourself, or import them from NotAfter’s own JSON or CSV.',
      '12 ✗ It has macros of Nagios ($…$), whose values are elsewhere. Write their values in.',
      '13 ✗ NotAfter does not know addresses that begin with “tds://”: enter the host and its port.',
      '14 www.example.com',
    ]);
    expect(result.items[0]).toMatchObject({
      job: { thresholds: { warning: { days: 20 }, critical: { days: 10 } } },
    });
    expect(result.items[1]).toMatchObject({ job: { caFiles: [] }, note: 'Left out: -r.' });
    expect(result.items[2]).toMatchObject({ note: 'Left out: --ignore-ocsp, -i.' });
    expect(result.items[3]).toMatchObject({ job: { connection: { address: '192.0.2.9', family: 'ipv4' } } });
    expect(result.items[3]).not.toHaveProperty('note');
  });
});

describe('the Monitoring Plugins', () => {
  it('command lines of check_http, check_tcp by all its names, and check_smtp', () => {
    const result = read(sample('monitoring-plugins.txt'));
    expect(result.format).toBe('monitoring-plugins');
    expect(told(result)).toEqual([
      '3 www.example.com',
      '4 shop.example.com:8443',
      '5 lb.example.com as shop.example.com',
      '6 192.0.2.8:444',
      '7 ✗ check_http connects here without TLS, which shows no certificate.',
      '9 imap.example.com:993',
      '10 imap.example.com:993',
      '11 ✗ check_imap connects here without TLS, which shows no certificate.',
      '12 news.example.com:563',
      '13 db.example.com:5433 as db.internal',
      '14 ✗ It names no port (-p).',
      '16 mail.example.com:25 smtp',
      '17 mail.example.com:587 smtp',
      '18 mail.example.com:24 lmtp',
      '19 mail.example.com:465',
      '22 old.example.com',
      '23 ✗ It has macros of Nagios ($…$), whose values are elsewhere. Write their values in.',
      '27 ✗ The command line of check_http is defined elsewhere. Write it out here, with its arguments.',
      '29 ✗ It names no host (-H).',
    ]);
    expect(result.items.slice(0, 4)).toMatchObject([
      { job: { thresholds: { warning: { days: 30 }, critical: { days: 14 } } } },
      { job: { connection: { address: '192.0.2.7', family: 'ipv4' } }, note: 'Left out: -u, --string.' },
      { job: { thresholds: { warning: { days: 21 }, critical: null } } },
      { note: 'Left out: -J, -K.' },
    ]);
    expect(result.items[12]).toMatchObject({
      job: { connection: { ehloName: 'monitor.example.com' }, thresholds: { warning: { days: 20 } } },
    });
  });

  it('beside those of check_ssl_cert', () => {
    const lines = 'check_ssl_cert -H a.example\ncheck_simap -H b.example\n';
    expect(told(read(lines))).toEqual(['1 a.example', '2 b.example:993']);
  });
});

describe('a file that is no list', () => {
  it.each([
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      /certificates or keys/,
    ],
    ['a workbook', 'PK\u0003\u0004\0\0\0\0', /binary file/],
    ['a page', '<!DOCTYPE html>\n<html>', /HTML or XML/],
    ['half a JSON document', '{"a":', /^This is not JSON: .*\.$/],
    ['a manifest', 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n', /Kubernetes manifest/],
    [
      'an inventory',
      'all:\n  hosts:\n    web1:\n      ansible_host: 192.0.2.7\n',
      /YAML in none of the formats/,
    ],
    ['a calendar', 'BEGIN:VCALENDAR\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n', /calendar/],
    ['an address book', 'BEGIN:VCARD\nTEL;TYPE=cell:123\nEND:VCARD\n', /address book/],
    ['a PDF file', '%PDF-1.7\nendobj\n', /document/],
    ['a text of Word', '{\\rtf1\\ansi a.example\\par}', /document/],
    ['nginx', 'events {}\nhttp {\n  server {\n    listen 443 ssl;\n', /of nginx.*--from nginx:FILE/],
    ['Apache', '<VirtualHost *:443>\nServerName a.example\n', /of Apache.*--from apache:FILE/],
    ['HAProxy', 'global\n  daemon\ndefaults\n  mode http\n', /of HAProxy.*--from haproxy:FILE/],
    ['a zone', '$ORIGIN a.example.\nwww 300 IN A 192.0.2.1\n', /of a DNS zone.*--from zone:FILE/],
    ['a playbook', '---\n- hosts: web\n  tasks: []\n', /YAML in none of the formats/],
  ])('is refused as a whole, with what it is: %s', (_what, text, sentence) => {
    expect(readImport(text)).toEqual({ message: expect.stringMatching(sentence) });
  });
});

it('lone words of a text that is mostly something else are not hosts', () => {
  const dockerfile = 'FROM debian:12\nRUN apt-get update\nUSER app\nEXPOSE 443\nexit\n';
  expect(told(read(dockerfile))).toEqual([
    expect.stringMatching(/^1 ✗/),
    expect.stringMatching(/^2 ✗/),
    expect.stringMatching(/^3 ✗/),
    '4 ✗ “expose” is probably not a host: most lines of this text are not. If it is one, add it by itself.',
    expect.stringMatching(/^5 ✗ “exit” is probably not a host/),
  ]);
  expect(told(read(dockerfile, 'hosts')).slice(-1)).toEqual(['5 exit']);
  expect(told(read(`${dockerfile}intranet:8443\n`)).slice(-1)).toEqual(['6 intranet:8443']);
  expect(told(read('not a host\nintranet\nwiki\n')).slice(-2)).toEqual(['2 intranet', '3 wiki']);
});

describe('text', () => {
  it.each([
    [
      'hosts',
      'www.example.com # the shop\n\n# mail\nsmtp://mail.example.com\nhttps://[2001:db8::7]:8443/x\n',
      ['1 www.example.com', '4 mail.example.com:25 smtp', '5 [2001:db8::7]:8443'],
    ],
    ['hosts', '[::1]:8443\n', ['1 [::1]:8443']],
    ['hosts', 'a.example\rb.example\r', ['1 a.example', '2 b.example']],
    ['csv', '\uFEFFtags,Host,ignored\r\n"a;b",www.example.com,1\r\n', ['2 www.example.com #a #b']],
    ['csv', 'host\nwww.example.com\n', ['2 www.example.com']],
    [
      'csv',
      'host,port,starttls\nmail.example.com,587,none\nmail.example.com,x,\n',
      ['2 mail.example.com:587', '3 ✗ target.port: A port is a whole number from 1 to 65535.'],
    ],
    ['csv', 'Hostname;Port;Name\r\nwww.example.com;8443;Größe\r\n', ['2 www.example.com:8443']],
    ['csv', 'sep=;\r\n"host";"tags"\r\nwww.example.com;"a;b"\r\n', ['3 www.example.com #a #b']],
    ['csv', 'sep=,\r\nhost,port\r\nwww.example.com,444\r\n', ['3 www.example.com:444']],
    ['csv', 'name\tfqdn\r\nShop\twww.example.com\r\n', ['2 www.example.com']],
    ['csv', 'domain|port\nwww.example.com|444\n', ['2 www.example.com:444']],
    [
      'csv',
      'Name,URL\nShop,https://www.example.com:8443/shop?x=1\nMail,mail.example.com:465\n',
      ['2 www.example.com:8443', '3 mail.example.com:465'],
    ],
    ['csv', 'id;Domain Name;host\n1;b.example;a.example\n', ['2 a.example']],
    [
      'notafter',
      '{"jobs":[{"target":{"host":"www.example.com"}},{"target":{}}]}',
      ['1 www.example.com', '2 ✗ target.host: Enter a host name or an IP address.'],
    ],
  ])('is told to be %s by its content', (format, text, lines) => {
    const result = read(text);
    expect(result.format).toBe(format);
    expect(told(result)).toEqual(lines);
  });

  it('stands in the preview with spaces for its tabs', () => {
    const { items } = read('name\tfqdn\nThe\tshop\n', 'csv');
    const { items: hosts } = read('www.example.com\tthe shop\n', 'hosts');
    for (const { text } of [...items, ...hosts]) expect(text).not.toMatch(/\t/);
    expect(hosts[0]?.text).toBe('www.example.com the shop');
  });

  it('is what it is said to be', () => {
    expect(told(read('host\n', 'hosts'))).toEqual(['1 host']);
    expect(told(read('www.example.com,8443\n', undefined, 'text/csv'))).toEqual([]);
    expect(readImport('host\n', 'uptime-kuma')).toEqual({ message: 'This is not JSON.' });
    expect(readImport('{"jobs":[]}', 'uptime-kuma')).toEqual({
      message: 'This is not what uptime-kuma looks like.',
    });
    expect(readImport({ colour: 'red' })).toEqual({
      message: 'This is in none of the formats that NotAfter imports.',
    });
  });

  it('with a threshold that is none is refused at its column', () => {
    expect(told(read('host,warning\na.example,soon\n'))).toEqual([
      '2 ✗ warning: Write days, such as 20, or a percentage of the lifetime, such as 30 %.',
    ]);
  });
});

describe('a Gatus configuration', () => {
  it('gives its endpoints with group, pause and protocol, and says which show no certificate', () => {
    const { format, items } = read(`
web:
  port: 8080
endpoints:
  - name: shop
    group: core
    url: "https://shop.example:8443/health"
    conditions: ["[STATUS] == 200"]
  - name: mail
    url: starttls://mail.example:587
    enabled: false
  - name: ldap
    url: tls://ldap.example:636
  - name: ping
    url: icmp://router.example
  - name: plain
    url: http://plain.example
`);
    expect(format).toBe('gatus');
    expect(items).toMatchObject([
      { job: { target: { host: 'shop.example', port: 8443, starttls: null }, name: 'shop', tags: ['core'] } },
      { job: { target: { host: 'mail.example', port: 587, starttls: 'smtp' }, paused: true } },
      { job: { target: { host: 'ldap.example', port: 636, starttls: null } } },
      { message: 'icmp shows no certificate.' },
      { message: 'http shows no certificate.' },
    ]);
  });
});

describe('/etc/hosts', () => {
  it('gives each name of each address, and none of the machine itself', () => {
    const { format, items } = read(
      '127.0.0.1\tlocalhost localhost.localdomain\n::1 ip6-localhost ip6-loopback\n192.0.2.7  shop.example shop # the shop\n2001:db8::7 mail.example\n192.0.2.8 8443\n',
    );
    expect(format).toBe('hosts');
    expect(items).toMatchObject([
      { line: 3, job: { target: { host: 'shop.example', port: 443 } } },
      { line: 3, job: { target: { host: 'shop' } } },
      { line: 4, job: { target: { host: 'mail.example' } } },
      { line: 5, job: { target: { host: '192.0.2.8', port: 8443 } } },
    ]);
  });
});
