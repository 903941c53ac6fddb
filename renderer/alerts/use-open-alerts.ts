import { useEffect, useState } from 'react';
import { useApi, useReconnections } from '../lib/api-context.tsx';

/**
 * Returns how many alerts are open, those that are snoozed among them, and reads it again after every event about an alert.
 * @param heard increases with every event about an alert
 */
export function useOpenAlerts(heard: number): number {
  const api = useApi();
  const [total, setTotal] = useState(0);
  const round = useReconnections();
  useEffect(() => {
    void [heard, round]; // A change of them triggers the next read.
    const controller = new AbortController();
    api.alerts.list({ open: true, limit: 1, offset: 0 }, { signal: controller.signal }).then(
      (answer) => setTotal(answer.total),
      () => undefined, // The last answer stays in view. The banner reports a lost connection.
    );
    return () => controller.abort();
  }, [api, heard, round]);
  return total;
}
