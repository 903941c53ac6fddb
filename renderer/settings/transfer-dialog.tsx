import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { TransferChange, TransferReport } from '../../shared/contract/transfer-report.ts';
import { count } from '../../shared/text/words.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';
import classes from './settings.module.css';

interface TransferDialogProps {
  /** Name of the file. */
  name: string;
  report: TransferReport;
  onClose: () => void;
  onTake: () => Promise<void>;
}

const outcomes: Readonly<Record<TransferChange['outcome'], string>> = {
  added: 'new',
  changed: 'changed',
  unchanged: 'unchanged',
  'left-out': 'left out',
};

/** Shows what an import of everything would do, and what it does not carry. */
export function TransferDialog({ name, report, onClose, onTake }: TransferDialogProps) {
  useReturnFocus();
  const { changes, jobs, missing } = report;
  const shown = changes.filter(({ outcome, message }) => outcome !== 'unchanged' || message !== null);
  const changed = changes.filter(({ outcome }) => outcome === 'added' || outcome === 'changed');
  const left = jobs.entries.filter(({ outcome }) => outcome === 'invalid').slice(0, maxShown);
  return (
    <Modal opened onClose={onClose} size="lg" title={`Import ${name}`}>
      <Stack gap="sm">
        <Text size="sm">
          Adds {count(jobs.added, 'host')} and changes{' '}
          {count(changed.length, 'setting or source', 'settings and sources')} of this machine. Deletes
          nothing.
        </Text>
        <ul className={classes['entries']}>
          {shown.slice(0, maxShown).map(({ what, name: part, outcome, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a hostile file may repeat names.
            <li key={index}>
              <b>{outcomes[outcome]}</b> {what} {part} <span className="dim">{message}</span>
            </li>
          ))}
          {left.map(({ line, text, message }) => (
            <li key={`job ${line}`}>
              <b>left out</b> host {line}: {text} <span className="dim">{message}</span>
            </li>
          ))}
          {missing.slice(0, maxShown).map((sentence, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <li key={index}>{sentence}</li>
          ))}
        </ul>
        <Group justify="flex-end" mt="xs">
          <Button variant="default" size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="sm"
            data-autofocus
            disabled={changed.length === 0 && jobs.added + jobs.merged === 0}
            onClick={() => void reportFailure(onTake(), 'Could not import')}
          >
            Import everything
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const maxShown = 200;
