/** An entry of a list in which each has another name. */
interface Named {
  name: string;
  type?: string;
}

/** An entry that has a new name. */
interface Renamed {
  from: string;
  to: string;
}

/**
 * Returns which entries of a list have another name after an edit. Settings are edited as whole lists, and what is kept by a name follows it. A name
 * that both lists have is the same entry, wherever it is. Of the others, the one at the same place and of the same type is the one that was there,
 * where both lists are as long as each other: any number at once. In longer or shorter lists places tell nothing.
 */
export function renamedEntries(before: readonly Named[], after: readonly Named[]): Renamed[] {
  if (before.length !== after.length) return [];
  const known = { before: namesOf(before), after: namesOf(after) };
  return after.flatMap(({ name, type }, index) => {
    const old = before[index];
    const isRenamed =
      old !== undefined && old.type === type && !known.after.has(old.name) && !known.before.has(name);
    return isRenamed ? [{ from: old.name, to: name }] : [];
  });
}

/** Returns the name that an entry had before an edit; its own where it has no new one. */
export function nameBefore(name: string, before: readonly Named[], after: readonly Named[]): string {
  return renamedEntries(before, after).find(({ to }) => to === name)?.from ?? name;
}

const namesOf = (entries: readonly Named[]) => new Set(entries.map(({ name }) => name));
