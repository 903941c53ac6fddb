import type { Checks } from '../../shared/schema/event.ts';
import { count } from '../../shared/text/words.ts';

/** The numbers alone. */
type Progress = Omit<Checks, 'runningIds'>;

const number = (many: number) => many.toLocaleString('en');

/** Returns how far checks are: `14 checked, 10 running, 12 waiting`; of one that runs alone `1 running`. */
export function checksWords({ done, running, waiting }: Progress): string {
  if (done + waiting === 0) return `${number(running)} running`;
  return `${number(done)} checked, ${number(running)} running, ${number(waiting)} waiting`;
}

interface Announcement {
  /** What screen readers hear; null: nothing. */
  words: string | null;
  /** The last quarter that was announced; null: nothing of these checks was. */
  announced: number | null;
}

/**
 * Returns what to announce of checks of which some have to wait: the beginning, each quarter and the end. Every number would
 * be too many, and checks by schedule that start at once are no news.
 * @param isStopped whether a person has stopped them
 */
export function nextAnnouncement(
  checks: Progress,
  announced: number | null,
  isStopped: boolean,
): Announcement {
  const { done, running, waiting } = checks;
  if (running + waiting === 0) {
    const end = `${count(done, 'check')} finished${isStopped ? ', the others stopped' : ''}`;
    return { words: announced === null ? null : end, announced: null };
  }
  if (announced === null && waiting === 0) return { words: null, announced };
  const quarter = Math.floor((4 * done) / (done + running + waiting));
  const isNews = announced === null || quarter > announced;
  return { words: isNews ? checksWords(checks) : null, announced: quarter };
}
