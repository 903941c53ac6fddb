import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { testMessage } from '../../electron/engine/channels/message.ts';
import { readImport } from '../../electron/engine/import/read-import.ts';
import { ClientContexts } from '../../electron/engine/probe/client-certificates.ts';
import { InputFileError, loadInputFile } from '../../electron/engine/probe/files/input-file.ts';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { loadProxyContext } from '../../electron/engine/probe/proxies/proxy-tls.ts';
import { connectionSchema } from '../../shared/schema/connection.ts';
import { jobInputSchema, jobPatchSchema } from '../../shared/schema/job.ts';
import { settingsPatchSchema } from '../../shared/schema/settings.ts';
import { parseTarget } from '../../shared/schema/target.ts';
import { webhookSchema } from '../../shared/schema/webhook.ts';
import { sendToWebhook } from '../support/send-to-webhook.ts';
import { sourceFiles } from '../support/source-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestEngine } from '../support/test-engine.ts';
import { listen } from '../support/tls-server.ts';

const { signal } = new AbortController();
const check = (file: string, passphraseFile: string | null = null) =>
  new Prober().check({
    target: { file, passphraseFile },
    thresholds: { warning: null, critical: null },
    caFiles: [],
    timeoutMs: 5_000,
  });

describe('a file that a job names (finding 6)', () => {
  it('is read neither from a pipe nor from a device, a folder, a socket or a link to one', async () => {
    using folder = temporaryFolder();
    execFileSync('mkfifo', [folder.file('pipe')]);
    symlinkSync(folder.file('pipe'), folder.file('link.pem'));
    symlinkSync('/dev/zero', folder.file('zero.pem'));
    const server = createServer().listen(folder.file('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    for (const path of [
      folder.file('pipe'),
      folder.file('link.pem'),
      folder.file('zero.pem'),
      folder.file('socket'),
      folder.path,
      '/dev/zero',
      '/dev/stdin',
      '/dev/tty',
    ]) {
      await expect(loadInputFile('The CA file', 'caFiles', path, signal), path).rejects.toThrow(
        InputFileError,
      );
      const { result } = await check(path);
      expect(result, path).toMatchObject({ status: 'unreachable', unreachable: { reason: 'file' } });
      expect((await check(path, path)).result.status).toBe('unreachable');
    }
    server.close();
  });

  it('is read to the bound, also while it grows', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('large'), Buffer.alloc(10 * 1024 * 1024 + 1));
    const load = (name: string) => loadInputFile('The CA file', 'caFiles', folder.file(name), signal);
    await expect(load('large')).rejects.toThrow(/too large/);
    writeFileSync(folder.file('whole'), Buffer.alloc(10 * 1024 * 1024, 7));
    expect(await load('whole')).toHaveLength(10 * 1024 * 1024);
    writeFileSync(folder.file('growing'), 'x');
    const loading = load('growing');
    appendFileSync(folder.file('growing'), Buffer.alloc(11 * 1024 * 1024));
    await expect(loading).rejects.toThrow(/too large/);
  });

  it('is not read on after the deadline', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('a.pem'), 'x');
    const ending = new AbortController();
    const loading = loadInputFile('The certificate file', 'file', folder.file('a.pem'), ending.signal);
    ending.abort(new Error('the deadline'));
    await expect(loading).rejects.toThrow('the deadline');
  });

  it('is not read on after the deadline by a client certificate, a proxy or a webhook either', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('a.pem'), 'x');
    const file = folder.file('a.pem');
    const certificate = { certFile: file, keyFile: file, passphraseFile: file };
    const hook = webhookSchema.parse({ name: 'ops', url: 'https://localhost:9/', caFile: file });
    const ending = new AbortController();
    const loading = Promise.allSettled([
      new ClientContexts().load(certificate, ending.signal),
      loadProxyContext([file], ending.signal),
      sendToWebhook(hook, testMessage(0), ending.signal),
    ]);
    ending.abort(new Error('the deadline'));
    expect(await loading).toMatchObject([
      { status: 'rejected', reason: { message: 'the deadline' } },
      { status: 'rejected', reason: { message: 'the deadline' } },
      { status: 'fulfilled', value: { ok: false, error: 'The CA file could not be read in time.' } },
    ]);
  });

  it('is read without blocking, whatever checks or channels it is for', () => {
    const blocking = /\b(?:open|read|stat|lstat|fstat|exists|readFile|readdir|realpath|access|opendir)Sync\b/;
    const rooms = ['probe', 'verify', 'channels', 'file-sources', 'import', 'monitor', 'discovery'];
    const files = sourceFiles(rooms.map((room) => `electron/engine/${room}`));
    expect(files.length).toBeGreaterThan(100);
    // Its folders are named once, at the start of the service.
    const atStart = 'electron/engine/probe/files/file-roots.ts';
    expect(files.filter((path) => blocking.test(readFileSync(path, 'utf8')))).toEqual([atStart]);
  });

  const elsewhere = ['//host/share/a.pem', '\\\\host\\share\\a.pem', '\\\\.\\COM1', 'C:\\NUL.pem', 'a\0b'];

  it.each(elsewhere)('is refused in every input where its path is %j', (path) => {
    const host = { target: { host: 'localhost' } };
    const client = { clientCertificate: { certFile: path, keyFile: '/a.key' } };
    const passphrase = { clientCertificate: { certFile: '/a.pem', keyFile: '/a.key', passphraseFile: path } };
    for (const input of [
      { target: { file: path } },
      { target: { file: '/a.p12', passphraseFile: path } },
      { ...host, caFiles: ['/a.pem', path] },
      { ...host, connection: client },
      { ...host, connection: passphrase },
    ]) {
      expect(jobInputSchema.safeParse(input).success).toBe(false);
      expect(jobPatchSchema.safeParse(input).success).toBe(false);
    }
    const hook = { name: 'ops', url: 'https://hook.example', caFile: path };
    expect(settingsPatchSchema.safeParse({ caFiles: [path] }).error?.issues[0]?.path).toEqual(['caFiles', 0]);
    expect(settingsPatchSchema.safeParse({ webhooks: [hook] }).success).toBe(false);
    expect(readImport(JSON.stringify({ jobs: [{ target: { file: path } }] }))).toMatchObject({
      items: [{ message: expect.any(String) }],
    });
    expect(parseTarget(`file:${path}`).ok).toBe(false);
  });

  it('that was stored with such a path is its job’s result, and no reason not to start', async () => {
    await using test = new TestEngine();
    const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target: { file: '/a.pem' } }));
    await test.engine.settings.edit({
      webhooks: [webhookSchema.parse({ name: 'ops', url: 'http://127.0.0.1:1/' })],
    });
    const path = test.folder.file('config.json');
    const stored = JSON.parse(readFileSync(path, 'utf8'));
    stored.jobs[0].target.file = '\\\\host\\share\\a.pem';
    stored.jobs[0].caFiles = ['//host/share/ca.pem'];
    stored.settings.caFiles = ['\\\\.\\COM1'];
    stored.settings.channels[0].caFile = '//host/share/ca.pem';
    writeFileSync(path, JSON.stringify(stored));
    await test.restart();
    expect(test.engine.status.state.warning).toBeNull();
    expect(await test.engine.checks.checkNow(id)).toMatchObject({
      status: 'unreachable',
      unreachable: { reason: 'file', message: expect.stringContaining('network and device paths') },
    });
    const [hook] = test.engine.settings.current.webhooks;
    if (!hook) throw new Error('The webhook was stored.');
    expect(await sendToWebhook({ ...hook, url: 'https://127.0.0.1:1/' }, testMessage(0))).toMatchObject({
      ok: false,
      error: expect.stringContaining('network and device paths'),
    });
  });

  it('is not asked for its time of change where its path is elsewhere', async () => {
    await using server = await listen(createServer());
    const { result } = await new Prober()
      .check({
        target: { host: 'localhost', port: server.port, servername: null, starttls: null },
        thresholds: { warning: null, critical: null },
        caFiles: [],
        connection: connectionSchema.parse({
          clientCertificate: { certFile: '/dev/zero', keyFile: '//host/share/a.key' },
        }),
        timeoutMs: 5_000,
      })
      .catch((error: unknown) => ({ result: error }));
    expect(result).toBeInstanceOf(InputFileError);
  });
});

describe('a list of another program (finding 6)', () => {
  it.each([
    [
      'hosts',
      '/etc/passwd\n./a.pem\nfile:///etc/passwd\nC:\\a.pem\n\\\\host\\share\n//host/share\nlocalhost',
    ],
    [
      'gatus',
      'endpoints:\n  - url: tls:///etc/passwd\n  - url: tls://file:///etc/passwd\n  - url: tls://localhost\n',
    ],
    [
      'check-ssl-cert',
      'check_ssl_cert -f /etc/passwd\ncheck_ssl_cert --file file:///etc/passwd\ncheck_ssl_cert -H localhost',
    ],
    ['prometheus', JSON.stringify([{ targets: ['/etc/passwd', 'file:///etc/passwd', 'localhost'] }])],
    [
      'uptime-kuma',
      JSON.stringify({
        monitorList: [
          { type: 'port', hostname: '/etc/passwd', name: 'a\0b' },
          { type: 'grpc-keyword', grpcUrl: 'file:///etc/passwd', grpcEnableTls: true },
          { type: 'port', hostname: 'localhost', name: 'a\u001b[2J\u202eb', tags: [{ name: 'x\0y' }] },
        ],
      }),
    ],
  ] as const)('in the format %s brings hosts only', (format, text) => {
    const read = readImport(text, format);
    if ('message' in read) throw new Error(read.message);
    const jobs = read.items.flatMap((item) => ('job' in item ? [item.job] : []));
    expect(jobs.map(({ target }) => target)).toEqual([
      { host: 'localhost', port: 443, servername: null, starttls: null },
    ]);
    expect(read.items.length).toBeGreaterThan(2);
    expect(`${jobs[0]?.name}${jobs[0]?.tags}`).not.toMatch(/\p{Cc}|\u202e/u);
  });

  it('brings no CA file, client certificate or password of a proxy', () => {
    const line =
      'check_ssl_cert -H localhost --rootcert /etc/passwd -C /etc/passwd -K /etc/passwd --proxy http://user:secret@proxy:1';
    expect(readImport(line)).toMatchObject({
      items: [
        {
          job: { caFiles: [], connection: { proxy: null, clientCertificate: null } },
          note: 'Left out: --rootcert, -C, -K, --proxy.',
        },
      ],
    });
    expect(readImport('check_ssl_cert -H localhost --proxy proxy:3128')).toMatchObject({
      items: [{ job: { connection: { proxy: 'http://proxy:3128' } } }],
    });
  });

  it('is still NotAfter’s own where it was exported', () => {
    expect(readImport('file\n/etc/ssl/a.pem\n')).toMatchObject({
      items: [{ job: { target: { file: '/etc/ssl/a.pem' } } }],
    });
  });
});
