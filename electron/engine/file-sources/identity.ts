import type { StoredEntry } from '../../../shared/schema/source.ts';
import type { WatchedEntry } from '../probe/files/entries.ts';

/** A certificate as it was found, with the file that holds it. */
export interface FoundEntry extends WatchedEntry {
  file: string;
  passphraseFile: string | null;
}

/** What is known of an entry from the last look. */
export type KnownEntry = Pick<
  StoredEntry,
  'label' | 'role' | 'fingerprint256' | 'key' | 'names' | 'subject' | 'vanishedAt'
>;

/** A found certificate, and how many older ones of the same names lie beside it. */
export interface Current {
  found: FoundEntry;
  supersedes: number;
}

/**
 * Leaves out what a newer certificate has taken the place of: of those with equal subject, names, usages and issuer the one that is
 * valid for longest counts. Stores keep what was renewed for good (SCOM-PKICertificateMP #18), and a bundle holds each of its kind once.
 */
export function currentOf(found: readonly FoundEntry[]): Current[] {
  return [...Map.groupBy(found, ({ role, names }) => `${role} ${names}`).values()].flatMap((alike) => {
    const distinct = Map.groupBy(alike, ({ fingerprint256 }) => fingerprint256);
    const [newest] = alike.toSorted((one, other) => Date.parse(other.validTo) - Date.parse(one.validTo));
    if (!newest) return [];
    // The same certificate under two aliases is two places.
    const places = distinct.get(newest.fingerprint256) ?? [newest];
    return places.map((one) => ({ found: one, supersedes: distinct.size - 1 }));
  });
}

/** Which known entry each found certificate is. */
export interface Matched<Known> {
  kept: { known: Known; current: Current }[];
  gone: Known[];
  added: Current[];
}

type IsSame = (known: KnownEntry, found: FoundEntry) => boolean;

/** What identifies an entry, the surest first: so it outlives renewals. */
const rules: readonly IsSame[] = [
  (known, found) => known.fingerprint256 === found.fingerprint256 && known.label === found.label,
  (known, found) => known.fingerprint256 === found.fingerprint256,
  (known, found) => known.label !== null && known.label === found.label && known.role === found.role,
  (known, found) => known.key !== null && known.key === found.key,
  (known, found) => known.names === found.names && known.role === found.role,
  (known, found) => known.subject === found.subject && known.role === found.role,
];

/**
 * Tells which certificate each entry of a container is now: the same one, one at the same alias or place, of the same key, of the same
 * names or subject; and where one of a role is left on either side, these two.
 */
export function matchEntries<Known extends KnownEntry>(
  known: readonly Known[],
  current: readonly Current[],
): Matched<Known> {
  const left = new Set(known);
  const open = new Set(current);
  const kept: Matched<Known>['kept'] = [];
  const keep = (one: Known, other: Current) => {
    kept.push({ known: one, current: other });
    left.delete(one);
    open.delete(other);
  };
  for (const isSame of rules) {
    for (const before of [...left]) {
      const now = [...open].find(({ found }) => isSame(before, found));
      if (now) keep(before, now);
    }
  }
  for (const role of new Set([...open].map(({ found }) => found.role))) {
    const ones = [...left].filter((before) => before.role === role && before.vanishedAt === null);
    const others = [...open].filter(({ found }) => found.role === role);
    const [one, other] = [ones[0], others[0]];
    if (one && other && ones.length === 1 && others.length === 1) keep(one, other);
  }
  return { kept, gone: [...left], added: [...open] };
}

/**
 * Names the container of a file: the file itself by its path, whatever that links to, or all versions of a file in one folder, as
 * certbot's archive and kubelet write them (`fullchain7.pem`, `kubelet-client-2026-11-02-10-11-12.pem`).
 */
export function containerOf(file: string): string {
  const at = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1;
  const name = file
    .slice(at)
    .replace(/\d{4}-?\d{2}-?\d{2}\d*(?:[-T_:]\d+)*/, '*')
    .replace(/^(cert|chain|fullchain|privkey)\d+(?=\.pem$)/, '$1*');
  return file.slice(0, at) + name;
}
