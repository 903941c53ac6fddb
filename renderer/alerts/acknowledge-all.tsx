import { Button } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../shared/text/words.ts';
import { announce } from '../lib/announce.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './alerts.module.css';

/** Acknowledges all open alerts, after asking: it cannot be undone. */
export function AcknowledgeAll({ total }: { total: number }) {
  const api = useApi();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <Button variant="default" ml="auto" onClick={() => setAsking(true)}>
        Acknowledge all {total.toLocaleString('en')}…
      </Button>
    );
  }
  const acknowledge = async () => {
    if (await reportFailure(api.alerts.acknowledge({}), 'Could not acknowledge the alerts'))
      announce(`${count(total, 'alert')} acknowledged`);
  };
  return (
    <div
      className={classes['question']}
      role="alertdialog"
      aria-label={`Acknowledge ${count(total, 'alert')}?`}
    >
      <span>
        Acknowledge {count(total, 'alert')}? They are not repeated. Hosts with problems still need attention.
      </span>
      <Button
        autoFocus
        onClick={() => {
          setAsking(false);
          void acknowledge();
        }}
      >
        Acknowledge all
      </Button>
      <Button variant="default" onClick={() => setAsking(false)}>
        Cancel
      </Button>
    </div>
  );
}
