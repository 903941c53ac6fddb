import type { ChannelAdapter } from '../adapter.ts';
import { sendToCommand } from '../senders.ts';

export const adapter: ChannelAdapter<'command'> = {
  timeoutMs: 30_000,
  send: async (message, { program, args }, { mayRun, signal }) =>
    mayRun({ program, args })
      ? sendToCommand(program, args)(message, signal)
      : {
          ok: false,
          error: 'NotAfter may not run this command on this computer. Save the channel again to allow it.',
          isFinal: true,
        },
};
