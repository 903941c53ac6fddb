import { Cron } from 'croner';
import type { ChannelCommon } from '../../../shared/schema/channels/channel.ts';

const hourMs = 3_600_000;

/**
 * Returns when a channel's next digest is sent, in milliseconds since the epoch: at the next full hour, or at its time of day, which is
 * found by the rules of its zone (croner, as for schedules).
 */
export function digestTime(digest: ChannelCommon['digest'], now: number): number {
  if (digest === 'now') return now;
  if (digest === 'hourly') return (Math.floor(now / hourMs) + 1) * hourMs;
  const [hour, minute] = digest.at.split(':');
  const next = new Cron(`${Number(minute)} ${Number(hour)} * * *`, {
    timezone: digest.timezone,
    paused: true,
  }).nextRun(new Date(now));
  return next?.getTime() ?? now;
}
