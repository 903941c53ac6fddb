import { describe, expect, it } from 'vitest';
import { formatTarget, parseTarget, targetInputSchema, wireName } from '../../../shared/schema/target.ts';

describe('parseTarget', () => {
  it.each([
    ['example.com', 'example.com', 443, null],
    ['  Example.COM. ', 'example.com.', 443, null],
    ['example.com:8443', 'example.com', 8443, null],
    ['mail.example.com:587', 'mail.example.com', 587, 'smtp'],
    ['192.0.2.7', '192.0.2.7', 443, null],
    ['[2001:db8::7]:636', '2001:db8::7', 636, null],
    ['2001:db8::7', '2001:db8::7', 443, null],
    ['https://user@example.com/path?x#y', 'example.com', 443, null],
    ['https://example.com:8443/', 'example.com', 8443, null],
    ['ldap://ldap.example.com', 'ldap.example.com', 389, 'ldap'],
    ['ldaps://ldap.example.com', 'ldap.example.com', 636, null],
    ['postgres://db.example.com/name', 'db.example.com', 5432, 'postgres'],
    ['imaps://mail.example.com', 'mail.example.com', 993, null],
    ['münchen.example', 'münchen.example', 443, null],
    // telegraf #11687, and what people copy from documentation
    ['tcp://db.example.com:5432', 'db.example.com', 5432, 'postgres'],
    ['tcp://example.com:8443', 'example.com', 8443, null],
    ['tls://mail.example.com:587', 'mail.example.com', 587, null],
    ['https://mail.example.com:25', 'mail.example.com', 25, null],
    ['amqps://mq.example.com', 'mq.example.com', 5671, null],
    ['amqp://mq.example.com/vhost', 'mq.example.com', 5672, 'amqp'],
    ['mqtts://broker.example.com', 'broker.example.com', 8883, null],
    ['rediss://:secret@cache.example.com:6380/0', 'cache.example.com', 6380, null],
    ['mongodb://user:pass@db.example.com/admin?tls=true', 'db.example.com', 27017, null],
    ['mssql://db.example.com', 'db.example.com', 1433, 'mssql'],
    ['tcps://ora.example.com', 'ora.example.com', 2484, null],
    ['HTTPS://Example.com', 'example.com', 443, null],
    ['example.com:8443/path', 'example.com', 8443, null],
    ['example.com/login?next=/', 'example.com', 443, null],
    ['[2001:db8::7]:8443/x', '2001:db8::7', 8443, null],
    ['intranet:8443/x', 'intranet', 8443, null],
    ['example.com 8443', 'example.com', 8443, null],
    ['example.com: 8443', 'example.com', 8443, null],
    ['example.com\t587', 'example.com', 587, 'smtp'],
    // Rows of tables without a header
    ['www7.example.com,8443', 'www7.example.com', 8443, null],
    ['intranet; 8443', 'intranet', 8443, null],
    ['[2001:db8::7],8443', '2001:db8::7', 8443, null],
    ['2001:db8::7,8443', '2001:db8::7', 8443, null],
    ['\u200bexample.com\ufeff', 'example.com', 443, null],
    ['_dmarc.example.com', '_dmarc.example.com', 443, null],
    // What mail, Markdown, spreadsheets and connection strings put around an address
    ['<https://example.com:8443/>', 'example.com', 8443, null],
    ['"example.com"', 'example.com', 443, null],
    ['`mail.example.com:587`', 'mail.example.com', 587, 'smtp'],
    ['(“example.com”)', 'example.com', 443, null],
    ['- example.com:8443', 'example.com', 8443, null],
    ['* example.com', 'example.com', 443, null],
    ['12. example.com', 'example.com', 443, null],
    ['jdbc:postgresql://db.example.com:5433/app?ssl=true', 'db.example.com', 5433, 'postgres'],
    ['jdbc:sqlserver://db.example.com;encrypt=true;databaseName=app', 'db.example.com', 1433, 'mssql'],
    ['https:example.com', 'example.com', 443, null],
    ['https:/example.com/path', 'example.com', 443, null],
    ['sips:ada@example.com', 'example.com', 5061, null],
    ['ldaps:ldap.example.com:3269', 'ldap.example.com', 3269, null],
    ['redis:6380', 'redis', 6380, null],
    ['smtp:25', 'smtp', 25, 'smtp'],
  ])('reads %s', (text, host, port, starttls) => {
    expect(parseTarget(text)).toEqual({ ok: true, target: { host, port, servername: null, starttls } });
  });

  it.each([
    ['example.com, the shop', 'example.com', 443, 'the shop'],
    ['example.com, see wiki.example.com', 'example.com', 443, 'see wiki.example.com'],
    ['example.com, ticket:4711', 'example.com', 443, 'ticket:4711'],
    ['example.com:8443,since 10:30,v2.0', 'example.com', 8443, 'since 10:30, v2.0'],
    ['2001:db8::7,owner:web', '2001:db8::7', 443, 'owner:web'],
    ['www7.example.com,8443,the shop', 'www7.example.com', 8443, 'the shop'],
    ['example.com:8443 ; behind the balancer, ask Ada', 'example.com', 8443, 'behind the balancer, ask Ada'],
  ])('takes what follows a comma in %j for a note', (text, host, port, note) => {
    expect(parseTarget(text)).toMatchObject({ ok: true, target: { host, port }, note });
  });

  it.each([
    ['*.example.com', /^“\*\.example\.com” is a wildcard .*such as www\.example\.com\.$/],
    ['10.0.0.*', /^“10\.0\.0\.\*” is a wildcard .*such as 10\.0\.0\.1\.$/],
    ['mail.*.example.com', /such as mail\.www\.example\.com\.$/],
    ['https://*.example.com/', /^“\*\.example\.com” is not a host name/],
    ['ada@example.com', /^“ada@example\.com” names a user.*enter example\.com alone\.$/],
    ['@', /names a user/],
    ['-', /^“-” is not a host name or an IP address: no part of a name begins or ends with “-”\.$/],
    ['  ', /^Enter a host/],
    ['https://', /^Enter a host/],
    [':443', /^Enter a host/],
    ['certs/site.pem', /^“certs\/site\.pem” looks like a path: write \.\/certs\/site\.pem/],
    ['site.pem', /^“site\.pem” looks like a file: write \.\/site\.pem/],
    [
      'mongodb://ada:pw@a.example,b.example:27018,[2001:db8::1]/db?tls=true',
      /^This address names 3 hosts\. Enter each by itself: mongodb:\/\/a\.example, mongodb:\/\/b\.example:27018, mongodb:\/\/\[2001:db8::1\]\.$/,
    ],
    ['postgres://db1,db2:5433/app', /^This address names 2 hosts\. Enter each by itself: postgres:\/\/db1, /],
    ['a.example, b.example:8443', /^Enter one host per line: “a\.example”, then “b\.example:8443”\.$/],
    // Lists of hosts on one line, none of which may be lost as a note
    ['a.example,b.example,c.example', /^Enter one host per line: “a\.example”, then “b\.example”\.$/],
    ['a.example;b.example.;c.example', /then “b\.example\.”/],
    ['a.example, fine, b.example', /then “b\.example”/],
    ['a.example,https://b.example/x', /then “https:\/\/b\.example\/x”/],
    ['a.example,443,b.example,443', /then “b\.example”/],
    ['192.0.2.5,192.0.2.6', /then “192\.0\.2\.6”/],
    ['192.0.2.7:443 , 192.0.2.8:8443', /then “192\.0\.2\.8:8443”/],
    ['[2001:db8::1]:443,[2001:db8::2]:443', /then “\[2001:db8::2\]:443”/],
    ['2001:db8::1,2001:db8::2', /then “2001:db8::2”/],
    ['web1:8443,web2:8443', /then “web2:8443”/],
    ['example.com:8443:9', /^“8443:9” is not a port/],
    ['mongodb+srv://cluster.example.com', /^“mongodb\+srv:\/\/” names a domain.*SRV/],
    ['example.com:99999', /^“99999” is not a port\. A port is a whole number from 1 to 65535\.$/],
    ['example.com:', /^The port behind the colon is missing/],
    ['host_näme!.example', /: it contains “!”\.$/],
    [
      'quic://example.com',
      /^NotAfter does not know addresses that begin with “quic:\/\/”: enter the host and its port\.$/,
    ],
    ['""', /^Enter a host/],
    ['"example.com', /it contains “"”\.$/],
    ['1.2.3', /four numbers/],
    ['2001:db8:::7', /\[2001:db8::7\]/],
  ])('says of %j what was not understood', (text, sentence) => {
    expect(parseTarget(text)).toMatchObject({ ok: false, message: expect.stringMatching(sentence) });
  });

  it.each([
    ['', /Enter a host/],
    ['two words', /not a host name/],
    ['example.com:0', /1 to 65535/],
    ['example.com:65536', /1 to 65535/],
    ['example.com:http', /1 to 65535/],
    ['example.com:', /1 to 65535/],
    ['gopher://example.com', /gopher/],
    ['example..com', /not a host name/],
    ['-example.com', /not a host name/],
    [`${'a'.repeat(64)}.com`, /not a host name/],
    ['300.1.1.1', /not a host name/],
    ['0x7f.1', /not a host name/],
    ['[::1', /not a host name|1 to 65535/],
    ['<script>', /not a host name/],
    ['a%00b', /not a host name/],
  ])('refuses %j with a sentence', (text, sentence) => {
    const parsed = parseTarget(text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(sentence) });
  });
});

describe('targetInputSchema', () => {
  it('needs only a host', () => {
    expect(targetInputSchema.parse({ host: 'example.com' })).toEqual({
      host: 'example.com',
      port: 443,
      servername: null,
      starttls: null,
    });
  });
  it('guesses STARTTLS from the port unless told otherwise', () => {
    expect(targetInputSchema.parse({ host: 'a', port: 25 })).toMatchObject({ starttls: 'smtp' });
    expect(targetInputSchema.parse({ host: 'a', port: 25, starttls: null })).toMatchObject({
      starttls: null,
    });
  });
  it('refuses unknown fields', () => {
    expect(targetInputSchema.safeParse({ host: 'a', hots: 'b' }).error?.issues[0]).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['hots'],
    });
  });
});

describe('wireName', () => {
  it('turns international names into A-labels', () =>
    expect(wireName('münchen.example')).toBe('xn--mnchen-3ya.example'));
  it('drops the trailing dot', () => expect(wireName('example.com.')).toBe('example.com'));
});

describe('formatTarget', () => {
  it('writes what parseTarget reads', () => {
    for (const text of ['example.com', 'example.com:8443', '[2001:db8::7]:636', '[2001:db8::7]']) {
      const parsed = parseTarget(text);
      expect(parsed.ok && formatTarget(parsed.target)).toBe(text);
    }
  });
});
