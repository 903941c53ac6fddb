import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keystore } from '../../support/containers.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = join(import.meta.dirname, '../../../dist/app/notafter.js');

interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

const run = (args: string[], cwd = folder.path) =>
  new Promise<Run>((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

const root = makeCa('Files Root');
const [web, mail, old] = [
  root.issue({ name: 'web.test', notAfterDays: 300 }),
  root.issue({ name: 'mail.test', notAfterDays: 200 }),
  root.issue({ name: 'old.test', notBeforeDays: -90, notAfterDays: -2 }),
];
const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----\n';

mkdirSync(folder.file('certs/archive'), { recursive: true });
mkdirSync(folder.file('p'));
const write = (name: string, content: string | Buffer) => writeFileSync(folder.file(name), content);
write('certs/web.pem', web.pem + key);
write(
  'certs/a.jks',
  keystore([
    { alias: 'mail', chain: [mail.der, root.der] },
    { alias: 'corp', chain: [root.der] },
  ]),
);
write('certs/web.key', key);
write('certs/notes.txt', 'hello\n');
write('certs/archive/old.pem', old.pem);
symlinkSync('web.pem', folder.file('certs/abc.0'));
symlinkSync('nothing', folder.file('certs/dangling'));
write('mix.pem', web.pem + old.pem + mail.pem);

describe('notafter check', () => {
  it('of a folder judges what holds certificates, each once, and passes over the rest', async () => {
    const { status, stdout, stderr } = await run(['check', 'certs/', '--json']);
    const results = JSON.parse(stdout) as { target: { file: string }; entry: { alias: string | null } }[];
    expect(results.map(({ target, entry }) => [target.file.split('/').at(-1), entry.alias])).toEqual([
      ['a.jks', 'mail'],
      ['web.pem', null],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('of a folder judges the roles that --roles names, and leaves out what --exclude does', async () => {
    const rowsOf = async (...args: string[]) => {
      const { stdout } = await run(['check', 'certs/', '--json', ...args]);
      return (JSON.parse(stdout) as { certificate: { subject: string }; entry: { role: string } }[]).map(
        ({ certificate, entry }) => `${entry.role} ${certificate.subject}`,
      );
    };
    expect(await rowsOf('--roles', 'leaf,ca')).toEqual([
      'leaf CN=mail.test',
      'ca CN=Files Root',
      'leaf CN=web.test',
    ]);
    expect(await rowsOf('--roles', 'ca', '--roles', 'anchor')).toEqual(['ca CN=Files Root']);
    // What is named replaces what is usual, as in a source: the archive is there now.
    expect(await rowsOf('--exclude', '*.jks')).toEqual(['leaf CN=old.test', 'leaf CN=web.test']);
    const { status, stderr } = await run(['check', 'certs/', '--roles', 'anchor']);
    expect({ status, stderr }).toEqual({
      status: 64,
      stderr: 'notafter: certs/ holds no certificate of the role anchor that can be read.\n',
    });
    expect((await run(['check', 'mix.pem', '--roles', 'anchor'])).stdout).toContain(
      'mix.pem holds no certificate of the role anchor.',
    );
    expect((await run(['check', 'mix.pem', '--roles', 'root'])).status).toBe(64);
  });

  it('tries every passphrase file on every PKCS#12 file', async () => {
    write('p/pem', web.pem);
    for (const word of ['one', 'two']) {
      write(`p/${word}.pw`, `${word}\n`);
      const args = ['-export', '-nokeys', '-in', folder.file('p/pem'), '-passout', `pass:${word}`];
      execFileSync('openssl', ['pkcs12', ...args, '-out', folder.file(`p/${word}.p12`)]);
    }
    const files = ['--passphrase-file', 'p/one.pw', '--passphrase-file', 'p/two.pw'];
    for (const paths of [['p/*.p12'], ['p/two.p12', 'p/one.p12']]) {
      const { status, stdout } = await run(['check', ...paths, ...files, '--format', 'csv']);
      expect(status).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(3);
    }
    const { stdout } = await run(['check', 'p/two.p12', '--passphrase-file', 'p/one.pw']);
    expect(stdout).toContain('the passphrase is wrong');
  });

  it('of a file with several leaves is as bad as the worst of them', async () => {
    const { status, stdout } = await run(['check', 'mix.pem', '--format', 'csv']);
    expect(status).toBe(2);
    expect(stdout.trim().split('\n')).toHaveLength(4);
  });

  it('takes a glob, which reaches folders too', async () => {
    const { stdout, status } = await run(['check', 'certs/**/*.pem', '--json']);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as unknown[]).length).toBe(1);
  });

  it.each([
    ['certs/web.key', 'certs/web.key is a private key, not a certificate.'],
    ['certs/notes.txt', 'certs/notes.txt is a text without certificates.'],
  ])('of %s itself says what it is', async (path, sentence) => {
    const { status, stdout } = await run(['check', path]);
    expect(status).toBe(3);
    expect(stdout).toContain(sentence);
  });

  it('takes a word for a host where a folder is called so', async () => {
    mkdirSync(folder.file('host.invalid'), { recursive: true });
    const { stdout } = await run(['check', 'host.invalid', '--timeout', '2', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ target: { host: 'host.invalid' } }]);
  });

  it('says that a glob names no file', async () => {
    expect(await run(['check', 'certs/*.nothing'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('No file matches certs/*.nothing.'),
    });
  });

  it.runIf(process.getuid?.() === 0)('names what it may not read, and goes on', async () => {
    mkdirSync(folder.file('mixed'), { recursive: true });
    write('mixed/good.pem', web.pem);
    write('mixed/secret.pem', web.pem);
    chmodSync(folder.file('mixed/secret.pem'), 0o600);
    chmodSync(folder.path, 0o755);
    const { status, stdout, stderr } = await new Promise<Run>((resolve) => {
      execFile(
        'setpriv',
        [
          '--reuid=65534',
          '--clear-groups',
          process.execPath,
          program,
          'check',
          folder.file('mixed'),
          '--json',
        ],
        (error, out, err) => resolve({ status: Number(error?.code ?? 0), stdout: out, stderr: err }),
      );
    });
    expect({ status, results: (JSON.parse(stdout) as unknown[]).length }).toEqual({ status: 0, results: 1 });
    expect(stderr).toContain('1 file cannot be read: The certificate file');
  });
});

describe('notafter files', () => {
  it('says of every file what it is, those that hold no certificate too, and of each certificate its role', async () => {
    const { status, stdout } = await run(['files', 'certs', 'mix.pem', '--format', 'json']);
    const files = JSON.parse(stdout) as {
      path: string;
      form: string;
      message: string | null;
      entries: { label: string; role: string; hasKey: boolean }[];
    }[];
    expect(status).toBe(0);
    expect(
      files.map(({ path, form, message, entries }) => [path, form, message, entries.map(({ role }) => role)]),
    ).toEqual([
      ['certs/a.jks', 'JKS', null, ['leaf', 'ca']],
      ['certs/notes.txt', 'text', 'certs/notes.txt is a text without certificates.', []],
      ['certs/web.key', 'PEM', 'certs/web.key is a private key, not a certificate.', []],
      ['certs/web.pem', 'PEM', null, ['leaf']],
      ['mix.pem', 'PEM', null, ['leaf', 'leaf', 'leaf']],
    ]);
    expect(stdout).not.toContain('MC4CAQAwBQYDK2Vw');
  });

  it('prints them as a table, with their number', async () => {
    const { stdout } = await run(['files', 'certs']);
    expect(stdout).toMatch(/^FILE +FORM +ENTRY +ROLE +SUBJECT +EXPIRES\n/);
    expect(stdout).toContain('leaf with key');
    expect(stdout).toMatch(/3 certificates in 4 files\.\n$/);
  });

  it('says that a path is not there, and that a file cannot be opened', async () => {
    expect(await run(['files', './nowhere'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('./nowhere does not exist.'),
    });
    write('broken.jks', keystore([{ alias: 'a', chain: [web.der] }]).subarray(0, 90));
    expect(await run(['files', 'broken.jks'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('broken.jks is a Java keystore that is broken or cut off.'),
    });
  });
});
