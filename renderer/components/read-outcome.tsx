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
 * Stands in for what is being read, and says why it could not be. While the connection is lost the banner says that, and
 * what is missing is read once it is back.
 */
export function ReadOutcome({ isRead, failure, what }: ReadOutcomeProps) {
  const isLost = useIsLost();
  if (failure !== null && !isLost) return <p role="alert">{failure}</p>;
  return isRead ? null : <Loading what={what} />;
}
