import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageConfig, partFolders } from '../../build/package/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const source = join(import.meta.dirname, '../../build/package/bin-win/notafter.cmd');
const windows = process.platform === 'win32';

/** What people and schedulers write, each of which Electron's own program would refuse, swallow or change (electron_main_win.cc). */
const table: readonly (readonly string[])[] = [
  [],
  ['--version'],
  ['check', 'mail.example.com:587', '--json'],
  ['check', 'example.com', 'mail.example.com:587', '[2001:db8::7]:8443'],
  ['check', 'https://example.com/', '--format', 'junit'],
  ['check', 'ldap.internal:636', '--ca', 'C:\\our CA\\root.pem'],
  ['check', '--from', '-'],
  ['check', '--', '-odd.pem'],
  ['chek', 'a.example'],
  ['jobs', 'add', 'a.example', '--name', 'shop & mail (old)', '--tag', 'ümlaut'],
  ['jobs', 'add', 'a.example', '--name', 'a=b,c;d'],
];

/** Splits a command line as programs on Windows do: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments */
function splitCommandLine(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:"[^"]*"|[^\s"])+/g)) words.push(word.replaceAll('"', ''));
  return words;
}

/** A word as a person writes it in a Windows shell: in quotes where a blank or a character of the shell's is in it. */
const quoted = (word: string) => (/[\s&()^=,;]/.test(word) || word === '' ? `"${word}"` : word);

describe('the command on Windows', () => {
  const resources = 'C:\\Program Files\\NotAfter\\resources';

  it('is the console Node that is packed beside it, and the program that is packed beside that', () => {
    const packed = packageConfig({}, 'out').win?.extraResources;
    expect(packed).toEqual(
      expect.arrayContaining([
        { from: join(source, '..'), to: 'bin' },
        { from: partFolders('out').headless, to: 'cli' },
        ...(windows ? [{ from: process.execPath, to: 'bin/node.exe' }] : []),
      ]),
    );
  });

  it.each(table.map((args) => [args]))('hands on %j to the letter', (args) => {
    const line = readFileSync(source, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    // What cmd.exe puts in (`for /?`, `call /?`): the folder of the script with its backslash, and all arguments as they were written.
    const expanded = line
      .replaceAll('%~dp0', `${resources}\\bin\\`)
      .replace('%*', () => args.map(quoted).join(' '));
    const [program = '', script = '', ...rest] = splitCommandLine(expanded);
    expect([program, script].map((path) => win32.normalize(path))).toEqual([
      `${resources}\\bin\\node.exe`,
      `${resources}\\cli\\dist\\app\\notafter.js`,
    ]);
    expect(rest).toEqual(args);
    expect(expanded).not.toContain('%');
  });

  describe.runIf(windows)('run by cmd.exe', () => {
    const folder = temporaryFolder();
    const bin = folder.file('Program Files (x86)/NotAfter/resources/bin');
    beforeAll(() => {
      mkdirSync(bin, { recursive: true });
      mkdirSync(join(bin, '../cli/dist/app'), { recursive: true });
      copyFileSync(source, join(bin, 'notafter.cmd'));
      copyFileSync(process.execPath, join(bin, 'node.exe'));
      writeFileSync(
        join(bin, '../cli/dist/app/notafter.js'),
        `let read = '';
process.stdin
  .on('data', (chunk) => (read += chunk))
  .on('end', () => process.stdout.write(JSON.stringify({ args: process.argv.slice(2), read })));
process.exitCode = 3;`,
      );
      writeFileSync(join(bin, '../cli/package.json'), '{}');
    });
    afterAll(() => folder[Symbol.dispose]());

    it.each(table.map((args) => [args]))(
      'hands on %j, standard input and the exit status, and prints nothing of its own',
      (args) => {
        const line = `"${[`"${join(bin, 'notafter.cmd')}"`, ...args.map(quoted)].join(' ')}"`;
        const { stdout, status } = spawnSync('cmd.exe', ['/d', '/s', '/c', line], {
          input: 'a.example\n',
          encoding: 'utf8',
          windowsVerbatimArguments: true,
        });
        expect({ ...JSON.parse(stdout), status, first: stdout[0] }).toEqual({
          args,
          read: 'a.example\n',
          status: 3,
          first: '{',
        });
      },
      120_000,
    );
  });
});
