const hourMs = 3_600_000;

/** How long a pause lasts, as people choose it. */
export const pauseLengths = ['hour', 'tomorrow', 'resumed'] as const;
export type PauseLength = (typeof pauseLengths)[number];

export const pauseWords: Readonly<Record<PauseLength, string>> = {
  hour: 'for an hour',
  tomorrow: 'until tomorrow',
  resumed: 'until I resume',
};

/** The hour at which people are ready for news, and what lasts “until tomorrow” ends. */
const morningHour = 8;
/** Before this hour it is still night: tomorrow is the morning to come, and not the one after it. */
const nightEndHour = 4;

/** Returns when tomorrow begins, as ISO 8601: at 8:00 by this machine's time zone. */
export function tomorrow(now: number): string {
  const morning = new Date(now);
  if (morning.getHours() >= nightEndHour) morning.setDate(morning.getDate() + 1);
  morning.setHours(morningHour, 0, 0, 0);
  return morning.toISOString();
}

/** Returns when a pause ends: ISO 8601, or null if someone must resume it. */
export function pauseUntil(length: PauseLength, now: number): string | null {
  switch (length) {
    case 'hour':
      return new Date(now + hourMs).toISOString();
    case 'tomorrow':
      return tomorrow(now);
    case 'resumed':
      return null;
  }
}

/** Returns whether a person has asked for quiet until a time (ISO 8601), and it lasts. */
export function isQuiet(quietUntil: string | null, now: number): quietUntil is string {
  return quietUntil !== null && Date.parse(quietUntil) > now;
}

/** What to send for a pause: without an end where it has none. */
export function pauseRequest(length: PauseLength, now: number): { until?: string } {
  const until = pauseUntil(length, now);
  return until === null ? {} : { until };
}
