import { Button } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../shared/text/words.ts';
import type { Api } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { runLater } from '../lib/later-steps.ts';
import { alertSubject } from '../lib/later-subjects.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './alerts.module.css';

/** Acknowledges all open alerts, after asking, with undo. */
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
    let ids: number[] = [];
    // Those that are open now: you have not seen one that is raised meanwhile.
    const reading = openIds(api).then((found) => {
      ids = found;
    });
    if (!(await reportFailure(reading, 'Could not acknowledge the alerts')) || ids.length === 0) return;
    runLater({
      subjects: ids.map(alertSubject),
      message: `${count(ids.length, 'alert')} acknowledged`,
      label: 'Undo acknowledging all alerts',
      run: () => api.alerts.acknowledge({ ids }),
      failure: 'Could not acknowledge the alerts',
    });
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

const pageSize = 500;

async function openIds(api: Api): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const { items, total } = await api.alerts.list({ open: true, limit: pageSize, offset: ids.length });
    ids.push(...items.map(({ id }) => id));
    if (items.length === 0 || ids.length >= total) return ids;
  }
}
