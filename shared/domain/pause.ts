const hourMs = 3_600_000;

/** How long a pause lasts, as people choose it. */
export const pauseLengths = ['hour', 'tomorrow', 'resumed'] as const;
export type PauseLength = (typeof pauseLengths)[number];

export const pauseWords: Readonly<Record<PauseLength, string>> = {
  hour: 'for an hour',
  tomorrow: 'until tomorrow',
  resumed: 'until I resume',
};

/** The hour at which a working day begins, and a pause “until tomorrow” ends. */
const morningHour = 7;

/** Returns when a pause ends: ISO 8601, or null if someone must resume it. Tomorrow begins at 7:00 by this machine's time zone. */
export function pauseUntil(length: PauseLength, now: number): string | null {
  switch (length) {
    case 'hour':
      return new Date(now + hourMs).toISOString();
    case 'tomorrow': {
      const morning = new Date(now);
      morning.setDate(morning.getDate() + 1);
      morning.setHours(morningHour, 0, 0, 0);
      return morning.toISOString();
    }
    case 'resumed':
      return null;
  }
}

/** What to send for a pause: without an end where it has none. */
export function pauseRequest(length: PauseLength, now: number): { until?: string } {
  const until = pauseUntil(length, now);
  return until === null ? {} : { until };
}
