import { Button, Group, SegmentedControl } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { copyField, differences } from './conflict.ts';
import classes from './conflict-panel.module.css';
import type { FormValues } from './form-values.ts';

interface ConflictPanelProps {
  /** Both edits as they were when they met. */
  mine: FormValues;
  theirs: FormValues;
  values: FormValues;
  onChoose: (values: FormValues) => void;
}

/** Shows your edit beside the one that was saved meanwhile, and lets you choose for each field or for all. */
export function ConflictPanel({ mine, theirs, values, onChoose }: ConflictPanelProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus();
    panel.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section ref={panel} className={classes['panel']} tabIndex={-1} aria-label="Edited elsewhere">
      <p>
        <b>This host was changed while you edited it.</b> Choose what to keep, then save.
      </p>
      <div className={classes['scroll']}>
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Yours</th>
              <th scope="col">Theirs</th>
              <th scope="col">Keep</th>
            </tr>
          </thead>
          <tbody>
            {differences(mine, theirs).map((one) => (
              <tr key={one.field}>
                <th scope="row">{one.label}</th>
                <td>{one.mine}</td>
                <td>{one.theirs}</td>
                <td>
                  <SegmentedControl
                    size="xs"
                    aria-label={`Keep for ${one.label}`}
                    data={[
                      { value: 'mine', label: 'Mine' },
                      { value: 'theirs', label: 'Theirs' },
                    ]}
                    value={
                      JSON.stringify(values[one.field]) === JSON.stringify(theirs[one.field])
                        ? 'theirs'
                        : 'mine'
                    }
                    onChange={(side) =>
                      onChoose(copyField(values, side === 'mine' ? mine : theirs, one.field))
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Group gap="xs">
        <Button variant="default" onClick={() => onChoose(mine)}>
          Keep mine
        </Button>
        <Button variant="default" onClick={() => onChoose(theirs)}>
          Load theirs
        </Button>
      </Group>
    </section>
  );
}
