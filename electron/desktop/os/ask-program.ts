import { dialog } from 'electron';
import type { CommandLine } from '../../engine/channels/program-consent.ts';
import type { Decision } from './asked-programs.ts';

/** Asks in a dialog of the system whether a channel may run a program, with its full path and arguments. */
export async function askProgram({ program, args }: CommandLine): Promise<Decision> {
  const given = args.length === 0 ? 'It gets no arguments.' : `Arguments:\n${args.join('\n')}`;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Let NotAfter run ${program} for alerts?`,
    detail: `A channel is to run this program with your rights for each alert. ${given}`,
    buttons: ['Allow', 'Never run programs', 'Don’t allow'],
    defaultId: 2,
    cancelId: 2,
    noLink: true,
  });
  return (['allow', 'never', 'refuse'] as const)[response] ?? 'refuse';
}
