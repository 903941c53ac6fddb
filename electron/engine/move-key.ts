/** Moves what a map has under one key to another; what was there goes. */
export function moveKey<Key, Value>(map: Map<Key, Value>, from: Key, to: Key): void {
  const value = map.get(from);
  map.delete(from);
  map.delete(to);
  if (value !== undefined) map.set(to, value);
}
