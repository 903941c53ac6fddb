import {
  Button,
  Group,
  Menu,
  Modal,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { type PauseLength, pauseLengths, pauseRequest, pauseWords } from '../../../shared/domain/pause.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import type { Schedule } from '../../../shared/schema/schedule.ts';
import { parseThreshold, thresholdHelp } from '../../../shared/schema/thresholds.ts';
import { capitalise, count } from '../../../shared/text/words.ts';
import { useApi } from '../../lib/api-context.tsx';
import { issuesOf } from '../../lib/issues.ts';
import { reportFailure, sentenceOf } from '../../lib/report-failure.ts';
import { scheduleChoices } from '../form/form-values.ts';
import classes from '../jobs-view.module.css';
import type { Picked } from '../list/use-selection.ts';

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
      {dialog === 'tags' && <TagsDialog jobs={chosen} onClose={() => setDialog(null)} />}
      {dialog === 'schedule' && <ScheduleDialog ids={ids} onClose={() => setDialog(null)} />}
    </div>
  );
}

function TagsDialog({ jobs, onClose }: { jobs: readonly JobView[]; onClose: () => void }) {
  const api = useApi();
  const [added, setAdded] = useState<string[]>([]);
  const [removed, setRemoved] = useState<string[]>([]);
  const carried = [...new Set(jobs.flatMap(({ tags }) => tags))].sort();
  const save = async () => {
    const edit = { ids: jobs.map(({ id }) => id), addTags: added, removeTags: removed };
    if (await reportFailure(api.jobs.editMany(edit), 'Could not change the tags')) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Tags of ${count(jobs.length, 'host')}`}>
      <Stack>
        <TagsInput
          label="Add tags"
          placeholder="Type a tag and press Enter"
          value={added}
          onChange={setAdded}
          data-autofocus
        />
        {carried.length > 0 && (
          <TagsInput label="Remove tags" data={carried} value={removed} onChange={setRemoved} />
        )}
        <Buttons onClose={onClose} onSave={() => void save()} isReady={added.length + removed.length > 0} />
      </Stack>
    </Modal>
  );
}

/** Changes schedule and thresholds of many hosts; empty fields stay as they are. */
function ScheduleDialog({ ids, onClose }: { ids: string[]; onClose: () => void }) {
  const api = useApi();
  const [type, setType] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | string>(60);
  const [pattern, setPattern] = useState('0 6 * * *');
  const [warning, setWarning] = useState('');
  const [critical, setCritical] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const schedule = ((): Schedule | undefined => {
    if (type === 'adaptive') return { type };
    if (type === 'interval') return { type, minutes: Number(minutes) };
    return type === 'cron' ? { type, pattern } : undefined;
  })();
  const hasThresholds = warning !== '' || critical !== '';
  const save = async () => {
    const thresholds = { warning: parseThreshold(warning), critical: parseThreshold(critical) };
    const unread = Object.entries(thresholds).filter(([, threshold]) => threshold === undefined);
    if (unread.length > 0) {
      setErrors(Object.fromEntries(unread.map(([field]) => [field, thresholdHelp])));
      return;
    }
    try {
      await api.jobs.editMany({
        ids,
        patch: {
          ...(schedule ? { schedule } : {}),
          ...(hasThresholds
            ? { thresholds: { warning: thresholds.warning ?? null, critical: thresholds.critical ?? null } }
            : {}),
        },
      });
      onClose();
    } catch (error) {
      const issues = issuesOf(error);
      setErrors(
        issues.length === 0
          ? { form: sentenceOf(error) }
          : Object.fromEntries(issues.map(({ path = [], message }) => [String(path.at(-1)), message])),
      );
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Schedule of ${count(ids.length, 'host')}`}>
      <Stack>
        <Select
          label="Check schedule"
          placeholder="No change"
          clearable
          data={scheduleChoices}
          value={type}
          onChange={setType}
        />
        {type === 'interval' && (
          <NumberInput
            label="Minutes between checks"
            min={1}
            value={minutes}
            onChange={setMinutes}
            error={errors['minutes']}
          />
        )}
        {type === 'cron' && (
          <TextInput
            label="Cron expression"
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
            error={errors['pattern']}
          />
        )}
        <Group grow align="flex-start">
          <TextInput
            label="Warn below"
            placeholder={hasThresholds ? 'Default' : 'No change'}
            description="Days, or a share such as 30 %"
            value={warning}
            onChange={(event) => setWarning(event.currentTarget.value)}
            error={errors['warning']}
          />
          <TextInput
            label="Critical below"
            placeholder={hasThresholds ? 'Default' : 'No change'}
            description="Days, or a share such as 10 %"
            value={critical}
            onChange={(event) => setCritical(event.currentTarget.value)}
            error={errors['critical']}
          />
        </Group>
        {errors['form'] && (
          <Text role="alert" size="sm" c="var(--critical)">
            {errors['form']}
          </Text>
        )}
        <Buttons
          onClose={onClose}
          onSave={() => void save()}
          isReady={schedule !== undefined || hasThresholds}
        />
      </Stack>
    </Modal>
  );
}

function Buttons({
  onClose,
  onSave,
  isReady,
}: {
  onClose: () => void;
  onSave: () => void;
  isReady: boolean;
}) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button onClick={onSave} disabled={!isReady}>
        Save
      </Button>
    </Group>
  );
}
