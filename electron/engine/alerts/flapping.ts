/** How often a job changed of late between right and wrong, or between one thing that is wrong and another. */
export interface Flap {
  /** What was wrong at the last check: its keys, sorted. */
  last: readonly string[];
  /** What was wrong at any check since the first change. */
  keys: readonly string[];
  /** Changes and checks, those of long ago counting less. */
  turns: number;
  looks: number;
  isUnstable: boolean;
}

/**
 * As Nagios detects flapping (https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/flapping.html): by the share of
 * changes among the last 21 checks, with a high threshold to begin and a low one to end, so that it does not itself flap.
 */
const window = 20;
const leastLooks = 10;
const leastTurns = 5;
const beginsAt = 0.3;
const endsBelow = 0.2;

/**
 * Counts a check. A job that does not change has no count, so that nothing is written for it.
 * @param bad keys of what is wrong now
 * @param isCounted whether a change counts: what is done in a maintenance window is no sign of anything
 */
export function countFlap(past: Flap | null, bad: readonly string[], isCounted: boolean): Flap | null {
  const now = [...bad].sort();
  const last = past?.last ?? [];
  const hasTurned = now.join() !== last.join();
  if (!past && !hasTurned) return null;
  const { looks, turns } = countLook(past, hasTurned && isCounted);
  const share = turns / looks;
  const isUnstable = past?.isUnstable
    ? share >= endsBelow
    : looks >= leastLooks && turns >= leastTurns && share >= beginsAt;
  if (!isUnstable && looks >= leastLooks && share < endsBelow && now.length === 0) return null;
  const keys = [...new Set([...(past?.keys ?? []), ...now])].sort();
  // What stays wrong is written once, and not counted for ever.
  if (!isUnstable && looks >= window && share < endsBelow && past && !hasTurned) return past;
  return { last: now, keys, turns: round(turns), looks: round(looks), isUnstable };
}

/** Adds a check, and a change if it was one. Beyond the window, earlier ones fade. */
function countLook(past: Flap | null, isTurn: boolean): { looks: number; turns: number } {
  const { looks, turns } = past ?? { looks: 0, turns: 0 };
  const fade = looks >= window ? 1 - 1 / window : 1;
  return { looks: looks * fade + 1, turns: turns * fade + (isTurn ? 1 : 0) };
}

const round = (number: number) => Math.round(number * 100) / 100;
