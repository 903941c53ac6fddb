import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkResultSchema } from '../../../shared/schema/check-result.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, runNotafterIn } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../../support/tls-server.ts';

const folder = temporaryFolder();
const ca = makeCa();
const intermediate = ca.issue({ name: 'Matrix Intermediate', isCa: true, sans: [], notAfterDays: 1000 });
const trust = ['--ca', folder.file('ca.pem')];
const servers: TestServer[] = [];
let [valid, expired, wrongHost, expiring] = ['', '', '', ''];

beforeAll(async () => {
  writeFileSync(folder.file('ca.pem'), ca.pem);
  servers.push(
    await serveTls(intermediate.issue(), [intermediate]),
    await serveTls(intermediate.issue({ notBeforeDays: -90, notAfterDays: -1 }), [intermediate]),
    await serveTls(intermediate.issue({ name: 'other.example' }), [intermediate]),
    await serveTls(intermediate.issue({ notBeforeDays: -70, notAfterDays: 20 }), [intermediate]),
  );
  [valid, expired, wrongHost, expiring] = servers.map(({ port }) => `localhost:${port}`) as [
    string,
    string,
    string,
    string,
  ];
});
afterAll(async () => {
  for (const server of servers) await server.close();
  folder[Symbol.dispose]();
});

const results = (stdout: string) => z.array(checkResultSchema).parse(JSON.parse(stdout));

describe('notafter check', () => {
  it('prints the documented JSON and exits 0 for a valid certificate', async () => {
    const { status, stdout, stderr } = await runNotafter('check', valid, '--json', ...trust);
    const [result] = results(stdout);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(result).toMatchObject({
      target: { host: 'localhost', servername: 'localhost', starttls: null },
      status: 'ok',
      problems: [],
      certificate: {
        subject: 'CN=localhost',
        issuer: 'CN=Matrix Intermediate',
        sans: ['localhost'],
        daysRemaining: 89,
        selfSigned: false,
      },
      chain: [{ subject: 'CN=localhost' }, { subject: 'CN=Matrix Intermediate' }],
      protocol: 'TLSv1.3',
      unreachable: null,
    });
    expect(result?.timings.total).toBeGreaterThan(0);
  });

  it.each([
    ['expired', () => expired, 2, ['expired']],
    ['of another host', () => wrongHost, 2, ['hostname-mismatch']],
    ['about to expire', () => expiring, 1, ['expiring']],
  ])('exits by the status of a certificate that is %s', async (_name, host, exit, codes) => {
    const { status, stdout } = await runNotafter('check', host(), '--json', ...trust);
    expect(status).toBe(exit);
    expect(results(stdout)[0]?.problems.map(({ code }) => code)).toEqual(codes);
  });

  it('keeps the order given and exits by the worst', async () => {
    const { status, stdout } = await runNotafter('check', 'localhost:1', valid, expired, '--json', ...trust);
    expect(results(stdout).map((result) => result.status)).toEqual(['unreachable', 'ok', 'critical']);
    expect(status).toBe(3);
  });

  it('reads by either reader, and asks for both certificates', async () => {
    const byFull = await runNotafter('check', valid, ...trust, '--reader', 'full', '--json');
    expect(results(byFull.stdout)).toMatchObject([{ status: 'ok', certificates: null }]);
    const both = await runNotafter('check', valid, ...trust, '--both-certificates', '--json');
    expect(results(both.stdout)).toMatchObject([{ status: 'ok', certificates: [{ keyType: 'ec' }] }]);
    const neither = await runNotafter('check', valid, '--both-certificates', '--reader', 'full');
    expect(neither).toMatchObject({ status: 64, stderr: expect.stringMatching(/Only the light reader/) });
  });

  it('takes thresholds, a server name and URLs', async () => {
    expect(
      (await runNotafter('check', expiring, '--warning', '10', '--critical', '3', ...trust)).status,
    ).toBe(0);
    expect((await runNotafter('check', valid, '--warning', '100', ...trust)).status).toBe(1);
    expect((await runNotafter('check', wrongHost, '--servername', 'other.example', ...trust)).status).toBe(0);
    expect((await runNotafter('check', `https://${valid}/path`, ...trust)).status).toBe(0);
  });

  it('takes the STARTTLS protocol and the server name for the targets of files, too', async () => {
    const path = folder.file('hosts.txt');
    writeFileSync(path, '127.0.0.1:1\n');
    const options = ['--starttls', 'imap', '--servername', 'mail.example', '--json'];
    const { stdout } = await runNotafter('check', '--from', path, '127.0.0.1:1', ...options);
    const target = { host: '127.0.0.1', port: 1, servername: 'mail.example', starttls: 'imap' };
    expect(JSON.parse(stdout)).toMatchObject([{ target }, { target }]);
  });

  it('points at a file or folder of the name that no name server knows', async () => {
    using here = temporaryFolder();
    mkdirSync(here.file('no-such-host.invalid'));
    const { status, stderr } = await runNotafterIn(
      here.path,
      'check',
      'no-such-host.invalid',
      'other.invalid',
    );
    expect(status).toBe(3);
    expect(stderr).toBe(
      'notafter: There is a file or folder no-such-host.invalid here: write ./no-such-host.invalid to check it.\n',
    );
  });

  it('says for people what is wrong and what to do', async () => {
    const { stdout } = await runNotafter('check', wrongHost, ...trust);
    expect(stdout).toMatch(
      /✗ critical {2}localhost:\d+ {2}expires in 89 days \(\d{4}-\d\d-\d\d\) · issued by Matrix Intermediate · TLSv1.3/,
    );
    expect(stdout).toContain('The certificate is for other.example, not for localhost.');
  });

  it.each([
    ['no target', [], /Enter a target, or a file/],
    ['a target that is none', ['two words'], /not a host name/],
    ['port 0', ['localhost:0'], /1 to 65535/],
    ['an empty target', [''], /^notafter: An empty target was given\.\n$/],
    [
      'standard input as a target',
      ['-'],
      /^notafter: To read targets from standard input, use --from -\.\n$/,
    ],
    [
      'a proxy that is none',
      ['localhost', '--proxy', 'ftp://x'],
      /^notafter: --proxy: A proxy is written (?!.*A proxy is written).*\n$/,
    ],
    [
      'a server name that is none',
      ['localhost', '--servername', 'a b'],
      /^notafter: --servername: “a b” is not/,
    ],
    ['a hexadecimal number', ['localhost', '--timeout', '0x10'], /SECONDS is a number/],
    ['a number with an exponent', ['localhost', '--concurrency', '1e1'], /N is a whole number/],
    ['an unknown option', ['localhost', '--nope'], /^notafter: Unknown option '--nope'\.\n$/],
    ['an unknown protocol', ['localhost', '--starttls', 'gopher'], /one of smtp/],
    [
      'a CA file that is not there',
      ['localhost', '--ca', '/nowhere.pem'],
      /^notafter: --ca: The CA file \/nowhere\.pem does not exist\.\n$/,
    ],
    ['a deadline that is no number', ['localhost', '--timeout', 'soon'], /SECONDS is a number/],
    ['critical before warning', ['localhost', '--warning', '3', '--critical', '9'], /must not be higher/],
  ])('exits 64 for %s, with a sentence', async (_name, args, sentence) => {
    const { status, stderr, stdout } = await runNotafter('check', ...args);
    expect(status).toBe(64);
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
  });

  it('runs on the Node that the project asks for', () => expect(process.version).toMatch(/^v24\./));
});
