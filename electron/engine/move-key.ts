/** Moves what a map has under one key to another; what was there goes. */
export function moveKey<Value>(map: Map<string, Value>, from: string, to: string): void {
  const value = map.get(from);
  map.delete(from);
  map.delete(to);
  if (value !== undefined) map.set(to, value);
}
