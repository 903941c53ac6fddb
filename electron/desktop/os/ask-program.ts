import { dialog } from 'electron';
import { printable } from '../../../shared/text/foreign-text.ts';
import type { CommandLine } from '../../engine/channels/program-consent.ts';
import type { Decision } from './asked-programs.ts';

/** What a dialog shows in full on a small screen: so many arguments, and so many characters of each and of all. */
const maxShown = { args: 12, argument: 160, all: 1_000 };

/**
 * Asks in a dialog of the system whether a channel may run a program, with its full path and arguments. Each argument is one line with its
 * number: what it holds can neither begin another line nor push the end out of sight.
 * @returns what the person decided; `too-long` where not all of the command can be shown, so that they are not asked
 */
export async function askProgram({ program, args }: CommandLine): Promise<Decision> {
  const parts = [program, ...args].map((part) => printable(part, Number.POSITIVE_INFINITY));
  const [path = '', ...shown] = parts;
  const isShort = parts.every((part) => part.length <= maxShown.argument);
  if (shown.length > maxShown.args || !isShort || parts.join('').length > maxShown.all) return 'too-long';
  const lines = shown.map((argument, index) => `${index + 1}: ${argument}`);
  const given = lines.length === 0 ? 'It gets no arguments.' : `Arguments:\n${lines.join('\n')}`;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Let NotAfter run ${path} for alerts?`,
    detail: `A channel is to run this program with your rights for each alert. ${given}`,
    buttons: ['Allow', 'Never run programs', 'Don’t allow'],
    defaultId: 2,
    cancelId: 2,
    noLink: true,
  });
  return (['allow', 'never', 'refuse'] as const)[response] ?? 'refuse';
}
