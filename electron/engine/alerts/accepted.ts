import { isInForce } from '../../../shared/domain/acceptance.ts';
import type { AcceptedProblem } from '../../../shared/schema/accepted-problem.ts';
import { type Condition, expiryLevels, levelOf } from './conditions.ts';

/** Up to which level the alert of a key is accepted, and until when in milliseconds since the epoch; null: until someone undoes it. */
interface Accepted {
  level: number;
  until: number | null;
}

export interface Sorted {
  /** What is to be alerted. */
  counted: Condition[];
  /** Keys of what is accepted and true. */
  held: ReadonlySet<string>;
  /** What counts again when its acceptance ends, with the time since when it is true. */
  pending: Record<string, number>;
  /** When the first acceptance of what is true ends; null: none ends by itself. */
  lookAgainAt: number | null;
}

/** Tells conditions that are accepted, as bad as they are, from the others. @param shown the leaf shown last */
export function sortAccepted(
  conditions: readonly Condition[],
  accepted: readonly AcceptedProblem[],
  shown: string | null,
  now: number,
): Sorted {
  const known = acceptedKeys(accepted, shown, now);
  // A notification point lies between two levels, and makes nothing worse than what was accepted.
  const isHeld = ({ key, level }: Condition) =>
    (known.get(key)?.level ?? Number.NEGATIVE_INFINITY) >= Math.floor(level);
  const held = conditions.filter(isHeld);
  const ends = held.flatMap(({ key }) => known.get(key)?.until ?? []);
  return {
    counted: conditions.filter((one) => !isHeld(one)),
    held: new Set(held.map(({ key }) => key)),
    pending: Object.fromEntries(
      held.filter(({ key }) => known.get(key)?.until != null).map(({ key }) => [key, now]),
    ),
    lookAgainAt: ends.length === 0 ? null : Math.min(...ends),
  };
}

function acceptedKeys(
  accepted: readonly AcceptedProblem[],
  shown: string | null,
  now: number,
): Map<string, Accepted> {
  const keys = new Map<string, Accepted>();
  for (const one of accepted) {
    if (!isInForce(one, shown, now)) continue;
    const key = keyOf(one, shown);
    const level = one.code === 'expired' ? expiryLevels.expired : levelOf[one.severity];
    if ((keys.get(key)?.level ?? -1) < level)
      keys.set(key, { level, until: one.until === null ? null : Date.parse(one.until) });
  }
  return keys;
}

function keyOf({ code }: AcceptedProblem, shown: string | null): string {
  if (code === 'expired' || code === 'expiring') return `expiry:${shown}`;
  return code === 'unreachable' ? 'unreachable' : `problem:${code}`;
}
