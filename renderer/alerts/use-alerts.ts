import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import { useApi } from '../lib/api-context.tsx';
import { sentenceOf } from '../lib/report-failure.ts';

export interface Alerts {
  /** Null until the first answer. */
  items: readonly Alert[] | null;
  total: number;
  /** Why there is no answer; null where there is one. */
  failure: string | null;
}

const none: Alerts = { items: null, total: 0, failure: null };

/**
 * Alerts, the newest first, read again when something was heard of one.
 * @param open only those that somebody should still look at
 * @param heard grows with everything that is heard of an alert
 */
export function useAlerts(open: boolean, limit: number, heard: number): Alerts {
  const api = useApi();
  const [alerts, setAlerts] = useState<Alerts>(none);
  useEffect(() => {
    void heard; // Its change is the reason to read again.
    const controller = new AbortController();
    api.alerts.list({ limit, offset: 0, ...(open ? { open } : {}) }, { signal: controller.signal }).then(
      ({ items, total }) => setAlerts({ items, total, failure: null }),
      (error: unknown) => {
        if (!controller.signal.aborted) setAlerts({ ...none, failure: sentenceOf(error) });
      },
    );
    return () => controller.abort();
  }, [api, open, limit, heard]);
  return alerts;
}
