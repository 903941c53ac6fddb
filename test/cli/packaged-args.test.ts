import { describe, expect, it } from 'vitest';
import { builtInCommands, commands } from '../../electron/cli/commands.ts';
import { commandLine } from '../../electron/cli/packaged-args.ts';
import { makeProgram } from '../../electron/cli/program.ts';

describe('the installed program', () => {
  it.each([
    [['notafter'], null],
    [['notafter', '--hidden'], null],
    [
      ['notafter', 'check', 'a.example', '--json'],
      ['check', 'a.example', '--json'],
    ],
    [
      ['notafter', '--no-sandbox', 'serve', '--port', '0'],
      ['serve', '--port', '0'],
    ],
    [['notafter', '--help'], ['--help']],
    [['notafter', '--version'], ['--version']],
    [['notafter', 'notafter://job', 'check'], null],
    // What systems and people start a program with, by Apple's, Microsoft's and Chromium's documentation.
    [['notafter', '-AppleLanguages', '(fr)'], null],
    [['notafter', '-NSDocumentRevisionsDebugMode', 'YES'], null],
    [['notafter', '-psn_0_12345'], null],
    [['notafter', 'C:\\a\\cert.pem'], null],
    [['notafter', '/home/a/cert.pem'], null],
    [['notafter', ''], null],
    [['notafter', 'file:/x'], null],
    [['notafter', '--display', ':0'], null],
    [['notafter', '--lang', 'de'], null],
  ])('%j is the command line %j', (argv, command) => {
    expect(commandLine(argv, true)).toEqual(command);
  });

  it('that is not packed has its folder before the command', () => {
    expect(commandLine(['electron', '/home/ada/notafter', 'jobs', 'list'], false)).toEqual(['jobs', 'list']);
    expect(commandLine(['electron', '/home/ada/notafter', '--hidden'], false)).toBeNull();
  });

  it('answers every command that the program has, and no other', async () => {
    const build = { pageFolder: '', docsFolder: '', exampleFile: '', version: '0.0.0' };
    const program = await makeProgram({
      build,
      output: process.stdout,
      onStatus: () => undefined,
      makeProgram: () => Promise.reject(new Error('Nothing completes here.')),
    });
    const help = program.createHelp().visibleCommands(program);
    const named = [...new Set(help.map((command) => command.name()))].sort();
    expect(named).toEqual([...Object.keys(commands), ...builtInCommands].sort());
    for (const name of named) expect(commandLine(['notafter', name], true)).toEqual([name]);
    expect(commandLine(['notafter', 'chek', 'a.example'], true)).toBeNull();
    // A line of cron that is misspelled must not pass as a window that opens: the command on the PATH passes `--`.
    const afterDashes = (...given: string[]) =>
      commandLine(['notafter', '--no-sandbox', '--', ...given], true);
    expect(afterDashes('check', 'a.example')).toEqual(['check', 'a.example']);
    expect(afterDashes('chek', 'a.example')).toEqual(['chek', 'a.example']);
    expect(afterDashes('--hlp')).toEqual(['--hlp']);
    expect(commandLine(['electron', '.', 'chek'], false)).toBeNull();
  });
});
