import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askProgram } from '../../../electron/desktop/os/ask-program.ts';
import { AskedPrograms } from '../../../electron/desktop/os/asked-programs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const asked: { message: string; detail: string; buttons: string[] }[] = [];
vi.mock('electron', () => ({
  dialog: {
    showMessageBox: async (question: (typeof asked)[number]) => {
      asked.push(question);
      return { response: 0 };
    },
  },
}));

describe('the question about a program', () => {
  beforeEach(() => asked.splice(0));

  it('shows each argument in one line of its own, with nothing invisible in it', async () => {
    const args = ['-c', 'echo ok\n\nIt gets no arguments.', 'safe\u202egnp.exe', 'a\u0000b\u200b'];
    expect(await askProgram({ program: '/bin/sh\u202e', args })).toBe('allow');
    expect(asked[0]?.message).toBe('Let NotAfter run /bin/sh\\u{202e} for alerts?');
    expect(asked[0]?.detail.split('\n').slice(1)).toEqual([
      '1: -c',
      '2: echo ok\\u{a}\\u{a}It gets no arguments.',
      '3: safe\\u{202e}gnp.exe',
      '4: a\\u{0}b\\u{200b}',
    ]);
    expect(await askProgram({ program: '/bin/true', args: [] })).toBe('allow');
    expect(asked[1]?.detail).toContain('It gets no arguments.');
  });

  it.each([
    ['many arguments', Array.from({ length: 13 }, (_, index) => `--option-${index}`)],
    ['a long argument', [`${' '.repeat(160)}; rm -rf ~`]],
    ['a long argument by what is invisible in it', ['\u200b'.repeat(40)]],
    ['many characters', Array.from({ length: 10 }, () => 'a'.repeat(120))],
  ])('is not put with %s, which the dialog could not show', async (_what, args) => {
    using folder = temporaryFolder();
    const programs = new AskedPrograms(folder.file('programs.json'), askProgram);
    const command = { program: '/bin/sh', args };
    expect(await programs.ask(command)).toMatch(/^This command is too long to be shown .* script/);
    expect(programs.isAllowed(command)).toBe(false);
    expect(asked).toEqual([]);
  });
});
