import { type ChainFacts, nameOf } from '../../../shared/domain/problems/evidence.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { ParsedCertificate } from './certificate.ts';
import type { BuiltPath } from './path/path-builder.ts';

function byEnd(one: ParsedCertificate, other: ParsedCertificate): number {
  return one.notAfter - other.notAfter;
}

/** Returns what ends first of a path; null where it is empty. */
export function earliestExpiry({ kind, path }: BuiltPath): CheckResult['earliestExpiry'] {
  const [first] = path.toSorted(byEnd);
  if (!first) return null;
  const above = kind === 'trusted' && first === path.at(-1) ? 'root' : 'intermediate';
  const { subject, validTo } = first.facts;
  return { subject, validTo, role: first === path[0] ? 'leaf' : above };
}

/** Returns what ends first above the leaf; null where there is nothing above it. */
export function firstExpiry(
  kind: BuiltPath['kind'],
  path: readonly ParsedCertificate[],
): ChainFacts['firstExpiry'] {
  const [first] = path.slice(1).toSorted(byEnd);
  if (!first) return null;
  const isRoot = kind === 'trusted' && first === path.at(-1);
  return { name: nameOf(first.facts), validTo: first.facts.validTo, isRoot };
}
