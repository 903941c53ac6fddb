import type { Interruption } from '../schema/interruption.ts';

/** Says that the run before this one was interrupted, and when nothing was checked. @param when writes a time */
export function interruptionWords(
  { cause, lastAliveAt, resumedAt }: Interruption,
  when: (time: string) => string,
): string {
  const what =
    cause === 'restart'
      ? 'The computer restarted or lost power while NotAfter was running'
      : 'NotAfter crashed or was killed';
  return `${what}, after ${when(lastAliveAt)}. Nothing was checked until ${when(resumedAt)}.`;
}
