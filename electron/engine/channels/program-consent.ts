import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { SettingsFieldError } from '../store/channel-secrets.ts';

/** A program with its arguments: consent is for both together, since the arguments of a shell are a program as well. */
export type CommandLine = Pick<Channel<'command'>, 'program' | 'args'>;

/** Decides which programs channels may run. The API cannot: who has its token would run anything. */
export interface ProgramConsent {
  isAllowed(command: CommandLine): boolean;
  /** Asks for consent where there is none yet. @returns why it was refused, as a sentence; null: it may run */
  ask(command: CommandLine): Promise<string | null>;
}

/** Names a command to compare it with others. */
export function commandKey({ program, args }: CommandLine): string {
  return JSON.stringify([program, ...args]);
}

/** Allows the commands that were named where the service was started, and no others. */
export function listedCommands(commands: readonly CommandLine[]): ProgramConsent {
  const allowed = new Set(commands.map(commandKey));
  const isAllowed = (command: CommandLine) => allowed.has(commandKey(command));
  return {
    isAllowed,
    ask: async (command) =>
      isAllowed(command)
        ? null
        : 'This service may not run this command. Start it with --channel-command and the whole command.',
  };
}

/** Requires consent to each command of channels that are on. @throws SettingsFieldError at the program of the first that is refused */
export async function requireConsent(
  consent: ProgramConsent,
  channels: readonly Channel[],
  fieldOf: (index: number) => string,
): Promise<void> {
  for (const [index, channel] of channels.entries()) {
    if (channel.type !== 'command' || !channel.enabled || consent.isAllowed(channel)) continue;
    const refusal = await consent.ask(channel);
    if (refusal !== null) throw new SettingsFieldError(fieldOf(index), refusal);
  }
}
