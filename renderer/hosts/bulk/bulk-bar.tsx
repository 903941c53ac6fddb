import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { type PauseLength, pauseLengths, pauseRequest, pauseWords } from '../../../shared/domain/pause.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { capitalise } from '../../../shared/text/words.ts';
import { useApi } from '../../lib/api-context.tsx';
import { reportFailure } from '../../lib/report-failure.ts';
import classes from '../jobs-view.module.css';
import { countTags } from '../list/filters.ts';
import type { Picked } from '../list/use-selection.ts';
import { ScheduleDialog, TagsDialog } from './bulk-dialogs.tsx';

interface BulkBarProps {
  jobs: readonly JobView[];
  picked: Picked;
  onDelete: (jobs: readonly JobView[]) => void;
}

/** Actions for all selected hosts. */
export function BulkBar({ jobs, picked, onDelete }: BulkBarProps) {
  const api = useApi();
  const [dialog, setDialog] = useState<'tags' | 'schedule' | null>(null);
  const chosen = jobs.filter(({ id }) => picked.ids.has(id));
  const ids = chosen.map(({ id }) => id);
  const pause = (length: PauseLength) =>
    void reportFailure(api.jobs.pauseAll({ ids, ...pauseRequest(length, Date.now()) }), 'Could not pause');
  return (
    <div className={classes['toolbar']} role="toolbar" aria-label="Actions for selected hosts">
      <b>{chosen.length.toLocaleString('en')} selected</b>
      <Button
        variant="default"
        onClick={() => void reportFailure(api.jobs.checkAll({ ids }), 'Could not check')}
      >
        Check
      </Button>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Button variant="default">Pause ▾</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {pauseLengths.map((length) => (
            <Menu.Item key={length} onClick={() => pause(length)}>
              {capitalise(pauseWords[length])}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen.some(({ paused }) => paused) && (
        <Button
          variant="default"
          onClick={() => void reportFailure(api.jobs.resumeAll({ ids }), 'Could not resume')}
        >
          Resume
        </Button>
      )}
      <Button variant="default" onClick={() => setDialog('tags')}>
        Tags…
      </Button>
      <Button variant="default" onClick={() => setDialog('schedule')}>
        Schedule…
      </Button>
      <Button
        variant="default"
        onClick={() => {
          onDelete(chosen);
          picked.clear();
        }}
      >
        Delete
      </Button>
      <Button variant="subtle" onClick={picked.clear} ml="auto">
        Clear
      </Button>
      {dialog === 'tags' && (
        <TagsDialog
          jobs={chosen}
          tags={countTags(jobs).map(([tag]) => tag)}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'schedule' && <ScheduleDialog ids={ids} onClose={() => setDialog(null)} />}
    </div>
  );
}
