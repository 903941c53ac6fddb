import {
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  oidOf,
  optionalParts,
  readDer,
  readOid,
  readSequence,
} from './der.ts';
import { type DistinguishedName, readName } from './names.ts';

/** A name of a subject alternative name or a constraint, with its kind kept (RFC 5280 §4.2.1.6). */
export type GeneralName =
  | { kind: 'dns' | 'email' | 'uri'; value: string }
  /** 4 or 16 octets; in a constraint 8 or 32, address then mask. */
  | { kind: 'ip'; value: Buffer }
  | { kind: 'directory'; value: DistinguishedName }
  /** otherName, x400Address, ediPartyName and registeredID by their DER. */
  | { kind: 'other'; tag: number; value: Buffer };

/** Subtrees that a CA's certificates must or must not lie in (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  permitted: readonly GeneralName[];
  excluded: readonly GeneralName[];
}

/** Kinds of names that are kept as they are, each with what is checked of it: OpenSSL refuses what is not of its form. */
const otherKinds: ReadonlyMap<number, (element: DerElement) => unknown> = new Map([
  [contextTag(0, true), checkOtherName],
  [contextTag(3, true), () => undefined],
  [contextTag(5, true), checkPartyName],
  [contextTag(8, false), ({ content }: DerElement) => oidOf(content, 'a registered ID')],
]);

/** Reads one GeneralName. @throws DerError also where an address has another length than its use allows */
export function readGeneralName(element: DerElement, isConstraint = false): GeneralName {
  const { tag, content, raw } = element;
  const simple = {
    [contextTag(1, false)]: 'email',
    [contextTag(2, false)]: 'dns',
    [contextTag(6, false)]: 'uri',
  } as const;
  const kind = simple[tag];
  if (kind !== undefined) {
    if (content.some((octet) => octet > 0x7f)) throw new DerError('a name is not ASCII');
    return { kind, value: content.toString('latin1') };
  }
  if (tag === contextTag(4, true))
    return { kind: 'directory', value: readName(readDer(content), 'a directory name') };
  if (tag === contextTag(7, false)) {
    const lengths = isConstraint ? [8, 32] : [4, 16];
    if (!lengths.includes(content.length))
      throw new DerError('an IP address has another length than addresses have');
    if (isConstraint && !isMask(content.subarray(content.length / 2)))
      throw new DerError('an IP address range has a mask with gaps');
    return { kind: 'ip', value: content };
  }
  const check = otherKinds.get(tag);
  if (!check) throw new DerError('a name is of an unknown kind');
  check(element);
  return { kind: 'other', tag, value: raw };
}

/** OtherName: a type, and a value of it. @throws DerError */
function checkOtherName(element: DerElement): void {
  const [type, value, ...more] = childrenOf(element);
  readOid(type, 'another name');
  if (value?.tag !== contextTag(0, true) || more.length > 0)
    throw new DerError('another name has not one value');
}

/** EDIPartyName: who assigned the name where that is given, and the name. @throws DerError */
function checkPartyName(element: DerElement): void {
  const known = [contextTag(0, true), contextTag(1, true)];
  const [, party] = optionalParts(childrenOf(element), known, 'the name of an EDI party');
  if (!party) throw new DerError('the name of an EDI party is missing');
}

/** Whether ones come first and zeros after them (RFC 4632 §5.1). */
function isMask(mask: Buffer): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return !bits.includes('01');
}

/** Reads GeneralNames, of which there is at least one. @throws DerError */
export function readGeneralNames(element: DerElement): GeneralName[] {
  const names = readSequence(element, 'the list of names').map((name) => readGeneralName(name));
  if (names.length === 0) throw new DerError('the list of names is empty');
  return names;
}

/** Reads NameConstraints; minimum and maximum must not be there (RFC 5280 §4.2.1.10). @throws DerError */
export function readNameConstraints(element: DerElement): NameConstraints {
  const parts = readSequence(element, 'nameConstraints');
  const listOf = (tag: number): GeneralName[] => {
    const list = parts.find((part) => part.tag === tag);
    if (!list) return [];
    const subtrees = childrenOf(list);
    if (subtrees.length === 0) throw new DerError('nameConstraints has an empty list');
    return subtrees.map((subtree) => {
      const [base, ...rest] = readSequence(subtree, 'a subtree');
      if (!base) throw new DerError('a subtree has no base');
      if (rest.length > 0) throw new DerError('a subtree has a minimum or maximum');
      return readGeneralName(base, true);
    });
  };
  const known = [contextTag(0, true), contextTag(1, true)];
  if (parts.length === 0 || parts.some(({ tag }, index) => !known.slice(index).includes(tag)))
    throw new DerError('nameConstraints holds no subtrees, or something else');
  return { permitted: listOf(contextTag(0, true)), excluded: listOf(contextTag(1, true)) };
}

/** Reads the address that a distribution point or access description gives, where it is a URI. @throws DerError */
export function readUris(elements: readonly DerElement[]): string[] {
  return elements.flatMap((element) => {
    const name = readGeneralName(element);
    return name.kind === 'uri' ? [name.value] : [];
  });
}
