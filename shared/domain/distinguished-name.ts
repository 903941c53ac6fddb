/** What can be said of a certificate without a schema: the page draws its list with it, before it has read any. */

const dayMs = 24 * 60 * 60 * 1000;

/** Whole days from `now` until `validTo`, rounded down; negative once expired. */
export function daysUntil(validTo: string | number, now: number): number {
  return Math.floor((new Date(validTo).getTime() - now) / dayMs);
}

/** A certificate's shortest useful name: its common name, else organisation, else first SAN, else what there is. */
export function shortName(distinguishedName: string): string {
  const part = (key: string) =>
    new RegExp(`(?:^|, )${key}=((?:\\\\.|[^,\\\\])*)`).exec(distinguishedName)?.[1];
  return (part('CN') ?? part('O') ?? part('OU') ?? distinguishedName).replace(/\\(.)/g, '$1');
}
