/** An entry of a list in which each has another name. */
interface Named {
  name: string;
  type?: string;
}

/**
 * Returns which entry of a list has another name after an edit: the one entry that is another, at the same place and of the same type. Settings
 * are edited as whole lists, and what is kept by a name follows it.
 * @returns null where no entry or more than one has
 */
export function renamedEntry(
  before: readonly Named[],
  after: readonly Named[],
): { from: string; to: string; index: number } | null {
  if (before.length !== after.length) return null;
  const others = after.flatMap(({ name, type }, index) => {
    const old = before[index];
    return old && old.name !== name ? [{ from: old.name, to: name, index, isSame: old.type === type }] : [];
  });
  const [renamed] = others;
  if (!renamed?.isSame || others.length > 1) return null;
  const isMoved =
    after.some(({ name }) => name === renamed.from) || before.some(({ name }) => name === renamed.to);
  return isMoved ? null : { from: renamed.from, to: renamed.to, index: renamed.index };
}
