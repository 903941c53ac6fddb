import type { Tree } from './tree.ts';

/** A text within a document, with its line. */
export interface Located {
  value: string;
  line: number;
}

/** Returns the value at a path of keys; null where there is none. */
export function at(tree: Tree | null | undefined, ...keys: readonly string[]): Tree | null {
  let found = tree ?? null;
  for (const key of keys) found = found?.kind === 'map' ? (found.fields.get(key) ?? null) : null;
  return found;
}

/** Returns the text at a path; null where there is none. */
export function textAt(tree: Tree | null | undefined, ...keys: readonly string[]): Located | null {
  const found = at(tree, ...keys);
  return found?.kind === 'text' ? { value: found.value, line: found.line } : null;
}

/** Returns the items of the list at a path; none where there is no list. */
export function itemsAt(tree: Tree | null | undefined, ...keys: readonly string[]): Tree[] {
  const found = at(tree, ...keys);
  return found?.kind === 'list' ? found.items : [];
}

/** Returns the texts of the list at a path; those of one text alone, too. */
export function textsAt(tree: Tree | null | undefined, ...keys: readonly string[]): Located[] {
  const found = at(tree, ...keys);
  const items = found?.kind === 'list' ? found.items : [found];
  return items.flatMap((item) => (item?.kind === 'text' ? [{ value: item.value, line: item.line }] : []));
}

/** Returns the fields of the map at a path; none where there is no map. */
export function fieldsAt(tree: Tree | null | undefined, ...keys: readonly string[]): [string, Tree][] {
  const found = at(tree, ...keys);
  return found?.kind === 'map' ? [...found.fields] : [];
}

/** Returns every map of a document, the outer ones first. */
export function* mapsIn(tree: Tree): Generator<Extract<Tree, { kind: 'map' }>> {
  if (tree.kind === 'text') return;
  if (tree.kind === 'map') yield tree;
  const inner = tree.kind === 'map' ? [...tree.fields.values()] : tree.items;
  for (const one of inner) yield* mapsIn(one);
}
