import { useEffect, useState } from 'react';

/** The time, anew every half minute, so that "4 minutes ago" does not stand still. Milliseconds since the epoch. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
