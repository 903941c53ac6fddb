import { FailingChannels } from '../../electron/engine/channels/failing-channels.ts';
import type { Clock } from '../../electron/engine/clock.ts';
import { KeptLog } from './test-engine.ts';

/** Follows failing channels for specs that are about something else. */
export function unwatchedHealth(clock: Clock): FailingChannels {
  const log = new KeptLog();
  return new FailingChannels({
    clock,
    log,
    isOn: () => true,
    isOffline: () => false,
    onChange: () => undefined,
  });
}
