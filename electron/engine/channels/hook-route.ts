import type { Pace } from '../../../shared/schema/channels/types.ts';
import type { Sent } from './adapter.ts';
import type { HookMessage } from './message.ts';

/** How messages reach a hook. */
export interface HookRoute {
  /** @param remaining the recipients that are left; null: all */
  send(message: HookMessage, signal: AbortSignal, remaining: readonly string[] | null): Promise<Sent>;
  /** Whether nothing but this machine is needed for it. */
  isLocal: boolean;
  /** Makes one message of what waits for it; null: each is sent by itself. */
  merge: ((messages: readonly HookMessage[]) => HookMessage) | null;
  /** How often the other side takes messages. */
  pace: readonly Pace[];
}
