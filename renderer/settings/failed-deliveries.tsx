import { Button, Group, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { Delivery } from '../../shared/schema/delivery.ts';
import { count } from '../../shared/text/words.ts';
import { useApi, useReconnected } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './settings.module.css';

/** Lists deliveries that were given up, to retry or discard them. */
export function FailedDeliveries() {
  const api = useApi();
  const [failed, setFailed] = useState<{ items: Delivery[]; total: number } | null>(null);
  const refresh = useCallback(() => {
    // What cannot be read is shown as it was. The banner reports a lost connection.
    api.hooks.deliveries({ state: 'failed', limit: 5 }).then(setFailed, () => undefined);
  }, [api]);
  useEffect(refresh, [refresh]);
  useReconnected(refresh);
  if (!failed || failed.total === 0) return null;
  const then = async (work: Promise<unknown>, failure: string) => {
    if (await reportFailure(work, failure)) refresh();
  };
  return (
    <section aria-label="Failed deliveries">
      <Text size="sm" mt="md">
        {count(failed.total, 'alert')} could not be delivered:
      </Text>
      <ul className={classes['named']}>
        {failed.items.map(({ id, hook, title, error }) => (
          <li key={id}>
            <span>
              <b>{hook}</b> {title} <span className="dim">{error}</span>
            </span>
          </li>
        ))}
        {failed.total > failed.items.length && (
          <li className="dim">and {failed.total - failed.items.length} older</li>
        )}
      </ul>
      <Group gap="xs">
        <Button variant="default" onClick={() => void then(api.hooks.retry({}), 'Could not retry')}>
          Retry
        </Button>
        <Button variant="default" onClick={() => void then(api.hooks.discard({}), 'Could not discard')}>
          Discard
        </Button>
      </Group>
    </section>
  );
}
