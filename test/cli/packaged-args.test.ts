import { describe, expect, it } from 'vitest';
import { commandLine } from '../../electron/cli/packaged-args.ts';

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
});
