import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { reportFailure } from '../lib/report-failure.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';
import classes from './settings.module.css';

const maxShown = 200;

interface ImportDialogProps {
  /** Name of the file. */
  name: string;
  verdict: string;
  /** What the import does with each part, in the order of the file. They never change. */
  entries: readonly { outcome: string | null; text: ReactNode; message: string | null }[];
  /** Whether the import would change anything. */
  canImport: boolean;
  action: string;
  onClose: () => void;
  onTake: () => Promise<void>;
}

/** Shows what an import would do, before it is done. */
export function ImportDialog({
  name,
  verdict,
  entries,
  canImport,
  action,
  onClose,
  onTake,
}: ImportDialogProps) {
  useReturnFocus();
  return (
    <Modal opened onClose={onClose} size="lg" title={`Import ${name}`}>
      <Stack gap="sm">
        <Text size="sm">{verdict}</Text>
        <ul className={classes['entries']}>
          {entries.slice(0, maxShown).map(({ outcome, text, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a hostile file may repeat names.
            <li key={index}>
              {outcome !== null && <b>{outcome} </b>}
              {text} {message !== null && <span className="dim">{message}</span>}
            </li>
          ))}
        </ul>
        {entries.length > maxShown && (
          <Text size="sm" className="dim">
            and {entries.length - maxShown} more
          </Text>
        )}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="sm"
            data-autofocus
            disabled={!canImport}
            onClick={() => void reportFailure(onTake(), 'Could not import')}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
