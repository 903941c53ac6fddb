const dayMs = 86_400_000;

/** Returns whole days from a check to an end, counted toward zero as sentences count them: -10 ten days and a half after it. */
export function daysLeft(validTo: string, checkedAt: string): number {
  return Math.trunc((Date.parse(validTo) - Date.parse(checkedAt)) / dayMs) || 0;
}
