import type { ParsedCertificate } from './certificate.ts';

/** When a leaf was valid that was seen before, in milliseconds since the epoch. */
export interface SeenLeaf {
  validFrom: number;
  validTo: number;
}

/** Returns when the newest certificate expires that was seen before, was issued after this one, and is still valid; null: there is none. */
export function newerSeen(
  { notBefore, notAfter }: ParsedCertificate,
  seenBefore: readonly SeenLeaf[],
  now: number,
): string | null {
  const newer = seenBefore.filter(
    ({ validFrom, validTo }) => validFrom > notBefore && validTo > notAfter && validTo > now,
  );
  if (newer.length === 0) return null;
  return new Date(newer.reduce((latest, { validTo }) => Math.max(latest, validTo), 0)).toISOString();
}
