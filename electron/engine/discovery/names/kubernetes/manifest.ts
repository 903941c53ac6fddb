import type { NameCollector, NameText } from '../name-source.ts';
import type { Tree } from '../structured/tree.ts';
import { itemsAt, type Located, textAt } from '../structured/walk.ts';

/** A manifest with where its names go. */
export interface Manifest {
  tree: Tree;
  from: NameText;
  into: NameCollector;
  /** Every manifest of the file: routes name gateways. */
  all: readonly Tree[];
}

/** Returns the manifests of a document: a list holds them as its items. */
export function manifestsOf(document: Tree): Tree[] {
  const kind = textAt(document, 'kind')?.value ?? '';
  return kind.endsWith('List') ? itemsAt(document, 'items').flatMap(manifestsOf) : [document];
}

/** `namespace/name` of an object. */
export function idOf(tree: Tree, namespace = textAt(tree, 'metadata', 'namespace')?.value ?? ''): string {
  return `${namespace}/${textAt(tree, 'metadata', 'name')?.value ?? ''}`;
}

/** Gives names at a port, at each address that is known. */
export function addNames(
  { from, into }: Manifest,
  names: readonly Located[],
  port: number | null,
  addresses: readonly string[] = [],
): void {
  const places = addresses.length === 0 ? [null] : addresses;
  for (const { value: name, line } of names)
    for (const address of places)
      into.add({ name, port, protocol: port === null ? null : 'tls', address, line }, from);
}
