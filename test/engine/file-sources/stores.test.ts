import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeSourceReaders } from '../../../electron/engine/file-sources/readers.ts';
import { readKeychain } from '../../../electron/engine/file-sources/stores/macos-keychain.ts';
import { ProgramError, runProgram } from '../../../electron/engine/file-sources/stores/run-program.ts';
import {
  readJsonLines,
  readRegistry,
  windowsPrograms,
} from '../../../electron/engine/file-sources/stores/windows-store.ts';
import { sourceInputSchema } from '../../../shared/schema/source.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';

/* Neither Windows nor macOS is here: programs that stand in for theirs print what theirs do, by their documentation. */
const root = makeCa('Stores Root');
const [web, old, other] = [
  root.issue({ name: 'web.test', notAfterDays: 90 }),
  root.issue({ name: 'web.test', notBeforeDays: -80, notAfterDays: 5 }),
  root.issue({ name: 'other.test' }),
];
const { signal } = new AbortController();

/** A program that stands in for one of a system: the body of a script that has its arguments in `args`. */
function standIn(folder: ReturnType<typeof temporaryFolder>, name: string, body: string): string {
  const path = folder.file(name);
  const prelude = `const args = process.argv.slice(2); const { writeFileSync } = require('node:fs');`;
  writeFileSync(path, `#!${process.execPath}\n${prelude}\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const jsonLine = ({ der }: Issued, name: string, key: boolean) =>
  JSON.stringify({ der: der.toString('base64'), name, key });

/** A certificate as the registry has it: properties of a number, a reserved number and a length (wincrypt.h). */
function blobOf({ der }: Issued, name: string, hasKey: boolean): string {
  const property = (id: number, data: Buffer) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(id, 0);
    head.writeUInt32LE(1, 4);
    head.writeUInt32LE(data.length, 8);
    return Buffer.concat([head, data]);
  };
  const parts = [
    property(3, createHash('sha1').update(der).digest()),
    ...(hasKey ? [property(2, Buffer.alloc(40, 7))] : []),
    property(11, Buffer.from(`${name}\0`, 'utf16le')),
    property(32, der),
  ];
  return Buffer.concat(parts).toString('hex').toUpperCase();
}
const registryOutput = (blobs: readonly string[]) =>
  blobs
    .map(
      (blob, index) =>
        `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\\${index}\r\n    Blob    REG_BINARY    ${blob}\r\n`,
    )
    .join('');

function readersOf(programs: Partial<Parameters<typeof makeSourceReaders>[0]>) {
  return makeSourceReaders({
    powershell: '/nowhere/ps',
    reg: '/nowhere/reg',
    security: '/nowhere/sec',
    ...programs,
  });
}
const sourceOf = (kind: 'windows-store' | 'macos-keychain', path: string) =>
  sourceInputSchema.parse({ name: 'store', kind, paths: [path] });

describe('a store of Windows', () => {
  const store = 'LocalMachine\\My';
  const lines = [jsonLine(web, 'Web', true), jsonLine(other, '', false), 'WARNING: none of ours', ''].join(
    '\r\n',
  );

  it('is listed by PowerShell at its full path, by a script in which nothing of a person is', async () => {
    using folder = temporaryFolder();
    const told = folder.file('told.json');
    const powershell = standIn(
      folder,
      'powershell',
      `writeFileSync(${JSON.stringify(told)}, JSON.stringify({ args, env: Object.keys(process.env) }));
       process.stdout.write(${JSON.stringify(lines)});`,
    );
    const entries = await readersOf({ powershell })['windows-store'].read(
      sourceOf('windows-store', store),
      store,
      signal,
    );
    expect(entries.map(({ label, hasKey, file, subject }) => [label, hasKey, file, subject])).toEqual([
      ['Web', true, store, 'CN=web.test'],
    ]);
    const { args, env } = JSON.parse(readFileSync(told, 'utf8')) as { args: string[]; env: string[] };
    expect(args.slice(0, 3)).toEqual(['-NoProfile', '-NonInteractive', '-EncodedCommand']);
    expect(Buffer.from(args[3] ?? '', 'base64').toString('utf16le')).toContain(
      "Get-ChildItem -LiteralPath 'Cert:\\LocalMachine\\My'",
    );
    expect(env.filter((name) => !/^(?:PATH|SystemRoot|__CF_USER_TEXT_ENCODING)$/.test(name))).toEqual([]);
  });

  it('is read out of the registry where PowerShell may not do it', async () => {
    using folder = temporaryFolder();
    const powershell = standIn(folder, 'powershell', 'process.exit(1);');
    const output = registryOutput([blobOf(web, 'Web', true), blobOf(other, 'Other', false)]);
    const reg = standIn(
      folder,
      'reg',
      `if (args.join(' ') !== 'query HKLM\\\\SOFTWARE\\\\Microsoft\\\\SystemCertificates\\\\MY\\\\Certificates /s /v Blob') process.exit(2);
       process.stdout.write(${JSON.stringify(output)});`,
    );
    const read = readersOf({ powershell, reg })['windows-store'].read;
    const entries = await read(sourceOf('windows-store', store), store, signal);
    expect(
      entries.map(({ label, hasKey, fingerprint256 }) => [label, hasKey, fingerprint256.length]),
    ).toEqual([['Web', true, 95]]);
  });

  it('that cannot be read says by what', async () => {
    using folder = temporaryFolder();
    const powershell = standIn(folder, 'powershell', 'process.exit(1);');
    const { read } = readersOf({ powershell })['windows-store'];
    await expect(read(sourceOf('windows-store', store), store, signal)).rejects.toMatchObject({
      reason: 'file',
      message: `${store} cannot be read: ${powershell} ended with 1.`,
    });
    await expect(
      readersOf({})['windows-store'].read(sourceOf('windows-store', store), store, signal),
    ).rejects.toThrow('/nowhere/ps cannot be run (ENOENT).');
  });

  it('that is none is refused before anything is run', () => {
    for (const path of ["LocalMachine\\My'; Remove-Item x; '", 'My', 'LocalMachine\\Nothing'])
      expect(sourceInputSchema.safeParse({ name: 'a', kind: 'windows-store', paths: [path] }).success).toBe(
        false,
      );
  });

  it('keeps what was renewed: the newest of each name is watched, under its id', async () => {
    using folder = temporaryFolder();
    const say = (some: string) =>
      standIn(folder, 'powershell', `process.stdout.write(${JSON.stringify(some)});`);
    say(jsonLine(old, 'Web', true));
    const programs = { powershell: folder.file('powershell'), reg: '/nowhere', security: '/nowhere' };
    await using test = new TestEngine({ sourceReaders: makeSourceReaders(programs) });
    test.engine.start();
    const { id } = await test.engine.sources.add(sourceOf('windows-store', store));
    const [before] = test.engine.sources.entries(id) ?? [];
    expect(await test.engine.checks.checkNow(before?.id ?? '')).toMatchObject({
      certificate: { subject: 'CN=web.test' },
      entry: { label: 'Web', hasKey: true },
    });
    say([jsonLine(old, 'Web', true), jsonLine(web, 'Web', true)].join('\n'));
    await test.engine.sources.scan(id);
    expect(test.engine.sources.entries(id)).toMatchObject([{ id: before?.id, supersedes: 1 }]);
    expect(test.engine.sources.entries(id)?.[0]?.validTo).not.toBe(before?.validTo);
  });

  it('is read again after an hour, and not before', async () => {
    using folder = temporaryFolder();
    const count = folder.file('count');
    standIn(
      folder,
      'powershell',
      `require('node:fs').appendFileSync(${JSON.stringify(count)}, 'x'); process.stdout.write(${JSON.stringify(lines)});`,
    );
    const programs = { powershell: folder.file('powershell'), reg: '/nowhere', security: '/nowhere' };
    await using test = new TestEngine({ sourceReaders: makeSourceReaders(programs) });
    test.engine.start();
    await test.engine.sources.add({ ...sourceOf('windows-store', store), roles: ['anchor'] });
    const runsAfter = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        test.clock.advance(60_000);
        await test.engine.sources.idle();
      }
      return readFileSync(count, 'utf8').length;
    };
    expect(await runsAfter(50)).toBe(1);
    expect(await runsAfter(15)).toBe(2);
  });

  it('has its programs where Windows is, whatever an environment says', () => {
    expect(windowsPrograms({ SystemRoot: 'D:\\WINNT' }).powershell).toBe(
      'D:\\WINNT\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    );
    for (const SystemRoot of ['\\\\server\\share', 'relative', '', undefined])
      expect(windowsPrograms({ SystemRoot }).reg).toBe('C:\\Windows\\System32\\reg.exe');
  });

  it.each([
    ['no JSON at all', 'hello\n{"der":'],
    ['other JSON', '[1,2]\nnull\n"der"\n{"der":7,"key":true}'],
    ['no base64', '{"der":"<script>","key":true}'],
  ])('whose listing is %s holds nothing', (_words, output) =>
    expect(readJsonLines(Buffer.from(output))).toEqual([]),
  );

  it('whose registry is cut off is read as far as it goes', () => {
    const blob = blobOf(web, 'Web', true);
    expect(readRegistry(Buffer.from(registryOutput([blob.slice(0, -20), blob])))).toHaveLength(1);
    const wild = `${'20000000'}${'01000000'}${'FFFFFFFF'}AA`;
    expect(readRegistry(Buffer.from(registryOutput([wild, 'ABC'])))).toEqual([]);
  });
});

describe('a keychain of macOS', () => {
  const keychain = '/Library/Keychains/System.keychain';
  const sha1 = createHash('sha1').update(web.der).digest('hex').toUpperCase();
  const identities = `Policy: X.509 Basic\n  Matching identities\n  1) ${sha1} "web.test"\n     1 identities found\n`;

  it('is listed by security(1) at its full path, with the keys that it holds told', async () => {
    using folder = temporaryFolder();
    const security = standIn(
      folder,
      'security',
      `if (args[0] === 'find-certificate' && args.slice(1).join() === '-a,-p,${keychain}') process.stdout.write(${JSON.stringify(web.pem + other.pem)});
       else if (args.join() === 'find-identity,${keychain}') process.stdout.write(${JSON.stringify(identities)});
       else process.exit(2);`,
    );
    const { read } = readersOf({ security })['macos-keychain'];
    const entries = await read(sourceOf('macos-keychain', keychain), keychain, signal);
    expect(entries.map(({ subject, hasKey }) => [subject, hasKey])).toEqual([
      ['CN=web.test', true],
      ['CN=other.test', false],
    ]);
  });

  it('that prints none of it holds nothing', () => {
    expect(
      readKeychain(Buffer.from('security: SecKeychainSearch…'), Buffer.from('0 valid identities')),
    ).toEqual([]);
  });
});

describe('a program of the system', () => {
  it('that does not end is ended', async () => {
    using folder = temporaryFolder();
    const begun = folder.file('begun');
    const path = standIn(
      folder,
      'slow',
      `writeFileSync(${JSON.stringify(begun)}, ''); setInterval(() => {}, 1000);`,
    );
    const bounds = { timeoutMs: 400, maxBytes: 100 };
    await expect(runProgram(path, [], signal, bounds)).rejects.toThrow(`${path} did not end within 0.4 s.`);
    expect(existsSync(begun)).toBe(true);
  });

  it('that prints without end is ended', async () => {
    using folder = temporaryFolder();
    const path = standIn(folder, 'loud', `setInterval(() => process.stdout.write('x'.repeat(65536)), 1);`);
    const bounds = { timeoutMs: 60_000, maxBytes: 200_000 };
    await expect(runProgram(path, [], signal, bounds)).rejects.toThrow('prints more than is read');
  });

  it('ends with who waits for it', async () => {
    using folder = temporaryFolder();
    const path = standIn(folder, 'slow', 'setInterval(() => {}, 1000);');
    const stop = new AbortController();
    const run = runProgram(path, [], stop.signal);
    stop.abort(new Error('stopped'));
    await expect(run).rejects.toThrow('stopped');
    expect(() => runProgram(path, [], stop.signal)).toThrow('stopped');
  });

  it('gets its arguments as they are: no shell is between', async () => {
    using folder = temporaryFolder();
    const path = standIn(folder, 'echo', 'process.stdout.write(JSON.stringify(args));');
    const args = ['$(id)', '; rm -rf x', '"', '%PATH%'];
    expect(JSON.parse((await runProgram(path, args, signal)).toString())).toEqual(args);
    await expect(runProgram('/nowhere/x', [], signal)).rejects.toBeInstanceOf(ProgramError);
  });
});
