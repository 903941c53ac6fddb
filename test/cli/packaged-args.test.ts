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
    // A line of cron that is misspelt must not pass as a window that opens.
    expect(commandLine(['notafter', 'chek', 'a.example'], true)).toEqual(['chek', 'a.example']);
    expect(commandLine(['notafter', '--no-sandbox', '--', 'check', 'a.example'], true)).toEqual([
      'check',
      'a.example',
    ]);
    expect(commandLine(['electron', '.', 'chek'], false)).toBeNull();
  });
});
