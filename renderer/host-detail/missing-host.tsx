import { Button } from '@mantine/core';
import { Pane } from './pane.tsx';

/** In place of a host that a link names and that is no longer there. */
export function MissingHost({ onClose }: { onClose: () => void }) {
  return (
    <Pane label="Host not found">
      <h2>Host not found</h2>
      <p>This host was deleted, or the link is from another computer.</p>
      <Button variant="default" onClick={onClose} style={{ alignSelf: 'flex-start' }}>
        Show all hosts
      </Button>
    </Pane>
  );
}
