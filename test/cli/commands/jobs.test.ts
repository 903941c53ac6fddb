import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../electron/engine/store/data-folder.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, runNotafterIn, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { servePlain, serveTls, type TestServer } from '../../support/tls-server.ts';

const folder = temporaryFolder();
const ca = makeCa();
let service: Service;
let server: TestServer;
let place = '';

beforeAll(async () => {
  writeFileSync(folder.file('ca.pem'), ca.pem);
  server = await serveTls(ca.issue(), [ca]);
  place = `localhost:${server.port}`;
  service = await Service.start(folder.path, '--ca', folder.file('ca.pem'));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await server.close();
  folder[Symbol.dispose]();
});

const jobs = (...args: string[]) => runNotafter('jobs', ...args, '--data', folder.path);
const listed = async (...args: string[]) =>
  JSON.parse((await jobs('list', '--format', 'json', ...args)).stdout) as JobView[];

describe('notafter jobs', () => {
  it('adds, lists, edits, pauses, resumes, checks and removes', async () => {
    const added = await jobs(
      'add',
      place,
      'localhost:1',
      '--tag',
      'shop',
      '--schedule',
      '30',
      '--warning',
      '30 %',
    );
    expect(added).toMatchObject({ status: 0, stderr: '' });
    const id = /^(\S+) {2}localhost/.exec(added.stdout)?.[1] ?? '';
    expect(await listed('--search', place)).toMatchObject([
      {
        id,
        tags: ['shop'],
        schedule: { type: 'interval', minutes: 30 },
        thresholds: { warning: { share: 0.3 } },
      },
    ]);
    expect(
      (await jobs('edit', place, '--name', 'The shop', '--schedule', '0 6 * * *', '--timezone', 'UTC'))
        .status,
    ).toBe(0);
    expect(await listed('--tag', 'shop', '--sort', 'host')).toMatchObject([
      { target: { port: 1 }, name: '' },
      { name: 'The shop', tags: ['shop'], schedule: { type: 'cron', timezone: 'UTC' } },
    ]);
    expect((await jobs('edit', place, '--critical', '3')).status).toBe(0);
    expect((await jobs('edit', place, '--notify-at', '60, 14')).status).toBe(0);
    expect(await listed('--search', place)).toMatchObject([
      {
        thresholds: { warning: { share: 0.3 }, critical: { days: 3 } },
        alerts: { notifyAt: [{ days: 60 }, { days: 14 }] },
      },
    ]);
    expect((await jobs('explain', 'The shop')).stdout).toMatch(
      /Warning .*\(.*\)[\s\S]*Nothing suppresses alerts/,
    );
    expect((await jobs('pause', 'The shop', '--for', '60')).stdout).toBe('Paused 1 job.\n');
    expect(await listed('--search', place)).toMatchObject([{ paused: true }]);
    expect((await jobs('resume', id)).stdout).toBe('Resumed 1 job.\n');
    expect(await jobs('check', 'The shop', '--format', 'jsonl')).toMatchObject({ status: 0 });
    expect(await jobs('check', '--all')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('∅ unreachable'),
    });
    const table = (await jobs('list')).stdout;
    expect(table).toMatch(/^STATUS +JOB +EXPIRES/);
    expect(table).toContain(`The shop (${place})`);
    // Not a terminal: no colours.
    expect(table).not.toContain('\x1b');
    expect((await jobs('remove', 'localhost:1', id)).stdout).toBe('Deleted 2 jobs.\n');
    expect(await listed()).toEqual([]);
  });

  it('imports and exports', async () => {
    writeFileSync(
      folder.file('hosts.csv'),
      `host,port,tags,paused\nlocalhost,2,a,yes\nlocalhost,3,,yes\n,4,,\n`,
    );
    const dry = await jobs('import', folder.file('hosts.csv'), '--dry-run');
    expect(dry).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('Would add 2 jobs; 0 merged, 0 duplicates, 1 skipped (csv)'),
    });
    expect(await listed()).toEqual([]);
    expect((await jobs('import', folder.file('hosts.csv'))).stdout).toMatch(
      /hosts\.csv:4: skipped: .*\nAdded 2 jobs/,
    );
    const file = folder.file('out.json');
    expect(await jobs('export', '--output', file)).toMatchObject({ status: 0, stdout: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ jobs: [{ tags: ['a'] }, { tags: [] }] });
    expect((await jobs('import', file)).stdout).toContain('2 duplicates');
    expect((await jobs('export', '--format', 'csv')).stdout).toMatch(/^host,port,.*\r\nlocalhost,2,/);
    expect((await jobs('export', '--format', 'ics')).stdout).toContain('BEGIN:VCALENDAR');
    await jobs('remove', '--all');
  });

  it.each([
    [66, ['check', 'nowhere.example'], /No job matches nowhere\.example/],
    [64, ['remove'], /Enter jobs, or use --all/],
    [64, ['pause', 'x', '--all'], /Enter jobs, or use --all/],
    [64, ['add', 'localhost:1', '--timezone', 'UTC'], /--timezone needs/],
    [64, ['add', 'bad host'], /not a host name/],
    [64, ['add', 'localhost:1', '--schedule', 'x y'], /--schedule: A cron pattern has five fields/],
    [64, ['add', 'localhost:1', '--warning', '101 %'], /--warning: Write days, such as 20/],
    [64, ['add', 'localhost:1', '--notify-at', 'soon'], /--notify-at: Write up to 20 points/],
    [64, ['add', 'localhost:1', '--ca', '/nowhere.pem'], /--ca: .*\/nowhere\.pem does not exist/],
    [64, ['import', '/nowhere.txt'], /^notafter: \/nowhere\.txt does not exist\.\n$/],
    [64, ['list', '--sort', 'colour'], /^notafter: .*Allowed choices/],
    [64, ['add', ''], /^notafter: An empty target was given\.\n$/],
    [64, ['add', '-'], /^notafter: To read hosts from standard input, use notafter jobs import -\.\n$/],
    [64, ['add', 'localhost:1', 'localhost:1'], /localhost:1 is given twice\. Nothing was added\./],
    [64, ['add', 'localhost:1', '--passphrase-file', 'x'], /--passphrase-file: only a certificate file/],
    [64, ['export', '--output', '/nowhere/out.json'], /the folder \/nowhere does not exist\.\n$/],
  ])('exits %i for %j', async (status, args, sentence) => {
    expect(await jobs(...args)).toMatchObject({ status, stderr: expect.stringMatching(sentence) });
    expect(await listed()).toEqual([]);
  });

  it('names files of the caller’s folder, whichever folder the service runs in', async () => {
    using here = temporaryFolder();
    writeFileSync(here.file('ca.pem'), ca.pem);
    writeFileSync(here.file('secret'), 'a passphrase\n');
    const leaf = ca.issue();
    writeFileSync(here.file('leaf.pem'), leaf.pem + leaf.key);
    const asked = ['pkcs12', '-export', '-in', here.file('leaf.pem'), '-out', here.file('vpn.p12')];
    execFileSync('openssl', [...asked, '-passout', 'pass:a passphrase']);
    const inFolder = (...args: string[]) => runNotafterIn(here.path, 'jobs', ...args, '--data', folder.path);
    const added = await inFolder('add', './vpn.p12', '--passphrase-file', './secret', '--ca', 'ca.pem');
    expect(added).toMatchObject({ status: 0, stderr: '' });
    expect(await listed()).toMatchObject([
      {
        target: { file: here.file('vpn.p12'), passphraseFile: here.file('secret') },
        caFiles: [here.file('ca.pem')],
      },
    ]);
    expect((await inFolder('check', 'vpn.p12')).stdout).toContain('expires in');
    // The same file by another name is the same target.
    const again = await inFolder('add', `../${basename(here.path)}/vpn.p12`);
    expect(again).toMatchObject({ status: 64, stderr: expect.stringContaining('is already watched by job') });
    expect(await inFolder('edit', './vpn.p12', '--passphrase-file', '', '--ca', '')).toMatchObject({
      status: 0,
    });
    expect(await listed()).toMatchObject([{ target: { passphraseFile: null }, caFiles: [] }]);
    expect(await inFolder('edit', 'vpn.p12', '--passphrase-file', 'secret', '--paused')).toMatchObject({
      status: 0,
    });
    expect(await listed()).toMatchObject([{ target: { passphraseFile: here.file('secret') }, paused: true }]);
    expect((await inFolder('remove', './vpn.p12')).stdout).toBe('Deleted 1 job.\n');
  });

  it('sets how a host is reached, as check does, and takes it back', async () => {
    using here = temporaryFolder();
    writeFileSync(here.file('cert.pem'), ca.pem);
    writeFileSync(here.file('key.pem'), ca.key);
    const inFolder = (...args: string[]) => runNotafterIn(here.path, 'jobs', ...args, '--data', folder.path);
    const how = [
      '--proxy',
      'socks5://127.0.0.1:9',
      '--family',
      'ipv4',
      '--all-addresses',
      '--ehlo',
      'mail.test',
    ];
    const client = ['--client-cert', 'cert.pem', '--client-key', './key.pem', '--reader', 'full'];
    expect(await inFolder('add', 'localhost:1', '--paused', ...how, ...client)).toMatchObject({
      status: 0,
      stderr: '',
    });
    const clientCertificate = {
      certFile: here.file('cert.pem'),
      keyFile: here.file('key.pem'),
      passphraseFile: null,
    };
    expect(await listed()).toMatchObject([
      {
        connection: {
          ...{ proxy: 'socks5://127.0.0.1:9', family: 'ipv4', allAddresses: true, ehloName: 'mail.test' },
          ...{ reader: 'full', clientCertificate },
        },
      },
    ]);
    expect(await inFolder('edit', 'localhost:1', '--proxy', '', '--no-all-addresses')).toMatchObject({
      status: 0,
    });
    expect(await listed()).toMatchObject([
      { connection: { proxy: null, family: 'ipv4', allAddresses: false, clientCertificate } },
    ]);
    expect(await inFolder('edit', 'localhost:1', '--both-certificates')).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/^notafter: --both-certificates: Only the light reader/),
    });
    expect((await inFolder('remove', '--all')).status).toBe(0);
  });

  it('status says where the service is, and how many alerts are open', async () => {
    const { stdout } = await runNotafter('status', '--data', folder.path);
    expect(stdout).toContain(`Page: ${service.ready.url}\nData folder: ${folder.path}\n`);
    expect(stdout).toMatch(/^(?:No open alerts|\d+ open alerts?)\.$/m);
    const { stdout: json } = await runNotafter('status', '--json', '--data', folder.path);
    expect(JSON.parse(json)).toMatchObject({ url: service.ready.url, dataDir: folder.path });
  });

  it('adds no second job for a target, unless that is wanted', async () => {
    await jobs('add', 'localhost:1', '--paused');
    const again = await jobs('add', 'localhost:2', 'LOCALHOST:1');
    const [{ id } = { id: '' }] = await listed();
    expect(again).toEqual({
      status: 64,
      stdout: '',
      stderr: `notafter: localhost:1 is already watched by job ${id}. Nothing was added. Change a job with notafter jobs edit, or add another with --duplicate.\n`,
    });
    expect(await listed()).toHaveLength(1);
    expect(await jobs('add', 'localhost:1', '--duplicate', '--paused')).toMatchObject({ status: 0 });
    expect(await jobs('explain', 'localhost:1')).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/localhost:1 matches several jobs: .*, .*\. Use the id of one\.\n$/),
    });
    await jobs('remove', '--all');
  });

  it('checks more jobs than the service lets one client ask for at once', async () => {
    const many = Array.from({ length: 2_300 }, (_, index) => `localhost:1,host-${index}.example`);
    writeFileSync(
      folder.file('many.csv'),
      `host,port,servername,paused\n${many.map((line) => `${line.replace(':', ',')},yes`).join('\n')}\n`,
    );
    expect(await jobs('import', folder.file('many.csv'))).toMatchObject({ status: 0 });
    await service.call('PATCH', '/settings', { checksAtOnce: 200, checksPerHost: 200 });
    const checked = await jobs('check', '--all', '--format', 'csv');
    expect(checked).toMatchObject({ status: 3, stderr: '' });
    expect(checked.stdout.trim().split('\n')).toHaveLength(1 + 2_300);
    await jobs('remove', '--all');
  }, 60_000);

  it('says where nothing runs, and where the API is off', async () => {
    using empty = temporaryFolder();
    const nothing = await runNotafter('jobs', 'list', '--data', empty.path);
    expect(nothing).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('NotAfter is not running with'),
    });
    using _ = openDataFolder(empty.path);
    const off = await runNotafter('status', '--data', empty.path);
    expect(off).toMatchObject({ status: 69, stderr: expect.stringContaining('its API is off') });
    const silent = { url: 'http://127.0.0.1:1/', pid: process.pid };
    writeFileSync(empty.file('endpoint.json'), JSON.stringify(silent));
    writeFileSync(empty.file('token'), 'x'.repeat(43));
    const gone = await runNotafter('status', '--data', empty.path);
    expect(gone).toMatchObject({ status: 69, stderr: expect.stringContaining('does not answer') });
  });
});

describe('notafter status', () => {
  it('counts jobs, in words and as JSON', async () => {
    await jobs('add', 'localhost:5', '--paused');
    const words = await runNotafter('status', '--data', folder.path);
    expect(words).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/watches 1 job: 1 pending\.\n1 job paused\./),
    });
    const json = await runNotafter('status', '--json', '--data', folder.path);
    expect(JSON.parse(json.stdout)).toMatchObject({ jobs: 1, paused: 1 });
  });
});

describe('notafter check for other programs', () => {
  const check = (...args: string[]) => runNotafter('check', '--ca', folder.file('ca.pem'), ...args);

  it('goes on after an entry that is no target, says so, and does not end with 0', async () => {
    writeFileSync(folder.file('mixed.txt'), `[web]\n${place}\nno host\n[2001:db8::1]:99999\n`);
    const { status, stdout, stderr } = await check('--from', folder.file('mixed.txt'), '--format', 'csv');
    expect(stdout.trim().split('\r\n')).toHaveLength(2);
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringContaining('mixed.txt:3: '),
      expect.stringContaining('mixed.txt:4: '),
      'notafter: 2 entries skipped.',
    ]);
    expect(status).toBe(64);
  });

  it('prints what was found when Ctrl+C comes', async () => {
    const asked = Promise.withResolvers<void>();
    await using silent = await servePlain(() => asked.resolve());
    const program = spawn(process.execPath, [
      join(import.meta.dirname, '../../../dist/app/notafter.js'),
      'check',
      '--ca',
      folder.file('ca.pem'),
      '--concurrency',
      '1',
      '--format',
      'csv',
      place,
      `localhost:${silent.port}`,
    ]);
    let stdout = '';
    let stderr = '';
    program.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    program.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await asked.promise;
    program.kill('SIGINT');
    const [status] = (await once(program, 'close')) as [number | null];
    expect(status).toBe(130);
    expect(stdout.trim().split('\r\n')).toHaveLength(2);
    expect(stderr).toContain('notafter: interrupted; 1 result of 2 targets.');
  });

  it.runIf(existsSync('/dev/full'))('says in a sentence that the disk is full', async () => {
    const program = spawnSync(
      'sh',
      [
        '-c',
        '"$0" "$1" check "$2" > /dev/full',
        process.execPath,
        join(import.meta.dirname, '../../../dist/app/notafter.js'),
        'localhost:1',
      ],
      { encoding: 'utf8' },
    );
    expect(program.status).toBe(74);
    expect(program.stderr).toBe('notafter: the output cannot be written (ENOSPC).\n');
  });

  it('takes --starttls none for TLS from the first byte', async () => {
    const { stdout } = await check('localhost:1', '--starttls', 'none', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ target: { starttls: null } }]);
  });

  it('reads targets from a file, and prints each format', async () => {
    writeFileSync(folder.file('hosts.txt'), `# ours\n${place}\nlocalhost:1\n`);
    const from = (...args: string[]) =>
      check('--from', folder.file('hosts.txt'), '--concurrency', '1', ...args);
    const nagios = await from('--format', 'nagios');
    expect(nagios.status).toBe(2);
    expect(nagios.stdout).toMatch(
      new RegExp(
        `^TLS CRITICAL - localhost:1: Nothing listens .*\\| 'localhost:${server.port}'=77\\d{5}s;\\d+:;\\d+:\nOK localhost:${server.port}: expires `,
      ),
    );
    const junit = (await from('--format', 'junit')).stdout;
    expect(junit).toMatch(/<testsuites tests="2" failures="0" errors="1"/);
    expect((await from('--format', 'csv')).stdout.split('\r\n')).toEqual([
      expect.stringMatching(/^target,status,days/),
      expect.stringMatching(/^localhost:\d+,ok,89,/),
      expect.stringMatching(/^localhost:1,unreachable,,/),
      '',
    ]);
    const lines = (await from('--format', 'jsonl')).stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual([
      'ok',
      'unreachable',
    ]);
    expect((await from('--format', 'table')).stdout).toMatch(/^STATUS +TARGET +DAYS.*\n✓ ok +localhost/);
  });

  it('reads a list that PowerShell wrote as UTF-16', async () => {
    writeFileSync(folder.file('list.txt'), Buffer.from(`\uFEFF${place}\r\n`, 'utf16le'));
    const { stdout } = await check('--from', folder.file('list.txt'), '--format', 'jsonl');
    expect(stdout).toContain('"host":"localhost"');
  });

  it('says which line of a file is none, and that no target was named', async () => {
    writeFileSync(folder.file('bad.txt'), 'localhost:1\nnot a host\n');
    expect(await check('--from', folder.file('bad.txt'))).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('bad.txt:2: '),
    });
    expect(await check()).toMatchObject({ status: 64, stderr: expect.stringContaining('Enter a target') });
  });
});
