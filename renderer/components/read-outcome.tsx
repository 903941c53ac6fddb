import { useIsLost } from '../lib/api-context.tsx';
import { Loading } from './loading.tsx';

interface ReadOutcomeProps {
  /** Whether there is an answer to show. */
  isRead: boolean;
  /** Why the last read failed; null: it did not. */
  failure: string | null;
  /** Names what is read for screen readers: `Loading alerts`. */
  what: string;
}

/**
 * Shows a skeleton while data loads, and the error if that fails. While the connection is lost, the banner shows the error, and the
 * data loads again after reconnecting.
 */
export function ReadOutcome({ isRead, failure, what }: ReadOutcomeProps) {
  const isLost = useIsLost();
  if (failure !== null && !isLost) return <p role="alert">{failure}</p>;
  return isRead ? null : <Loading what={what} />;
}
