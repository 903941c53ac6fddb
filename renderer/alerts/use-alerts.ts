import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import { useApi, useReconnections } from '../lib/api-context.tsx';
import { sentenceOf } from '../lib/report-failure.ts';

export interface Alerts {
  /** Null before the first answer. */
  items: readonly Alert[] | null;
  total: number;
  /** Why the alerts could not be read; null otherwise. */
  failure: string | null;
}

const none: Alerts = { items: null, total: 0, failure: null };

/**
 * Reads alerts, newest first, and again after every event about one.
 * @param open only open alerts
 * @param heard increases with every event about an alert
 */
export function useAlerts(open: boolean, limit: number, heard: number): Alerts {
  const api = useApi();
  const [alerts, setAlerts] = useState<Alerts>(none);
  const round = useReconnections();
  useEffect(() => {
    void [heard, round]; // A change of them triggers the next read.
    const controller = new AbortController();
    api.alerts.list({ limit, offset: 0, ...(open ? { open } : {}) }, { signal: controller.signal }).then(
      ({ items, total }) => setAlerts({ items, total, failure: null }),
      (error: unknown) => {
        // The last answer stays in view.
        if (!controller.signal.aborted) setAlerts((before) => ({ ...before, failure: sentenceOf(error) }));
      },
    );
    return () => controller.abort();
  }, [api, open, limit, heard, round]);
  return alerts;
}
