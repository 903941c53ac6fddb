import { Button, Menu } from '@mantine/core';
import { needsPerson } from '../../../shared/domain/job-urgency.ts';
import { pauseLengths, pauseWords } from '../../../shared/domain/pause.ts';
import type { Checks } from '../../../shared/schema/event.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { capitalise } from '../../../shared/text/words.ts';
import classes from '../jobs-view.module.css';
import { RunningChecks } from '../running-checks.tsx';
import type { HostActions } from '../use-host-actions.ts';

interface BulkBarProps {
  selected: readonly JobView[];
  /** How many of them the filter hides. */
  hidden: number;
  checks: Checks;
  actions: HostActions;
  onClear: () => void;
}

/** Actions for all selected hosts. Takes the place of the footer, so that search and filters stay at hand. */
export function BulkBar({ selected, hidden, checks, actions, onClear }: BulkBarProps) {
  return (
    <div className={classes['bulk']} role="toolbar" aria-label="Actions for selected hosts">
      <b>{selected.length.toLocaleString('en')} selected</b>
      {hidden > 0 && <span className="dim">{hidden.toLocaleString('en')} not in this view</span>}
      <Button variant="default" data-key="C" onClick={() => actions.check(selected)}>
        Check
      </Button>
      <Menu position="top-start" shadow="md">
        <Menu.Target>
          <Button variant="default">Pause ▾</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {pauseLengths.map((length) => (
            <Menu.Item key={length} onClick={() => actions.pause(selected, length)}>
              {capitalise(pauseWords[length])}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {selected.some(({ paused }) => paused) && (
        <Button variant="default" onClick={() => actions.resume(selected)}>
          Resume
        </Button>
      )}
      <Button variant="default" data-key="T" onClick={() => actions.tags(selected)}>
        Tags…
      </Button>
      <Button variant="default" onClick={() => actions.schedule(selected)}>
        Schedule…
      </Button>
      {selected.some(needsPerson) && (
        <Button variant="default" data-key="A" onClick={() => actions.accept(selected)}>
          Accept…
        </Button>
      )}
      <Button
        variant="default"
        data-key="Del"
        onClick={() => {
          actions.remove(selected);
          onClear();
        }}
      >
        Delete
      </Button>
      <RunningChecks checks={checks} />
      <Button variant="subtle" data-key="Esc" onClick={onClear} ml="auto">
        Clear
      </Button>
    </div>
  );
}
