import { memo } from 'react';
import { pauseLengths, pauseRequest, pauseWords } from '../../shared/domain/pause.ts';
import type { Pause } from '../../shared/schema/settings.ts';
import { Button } from '../components/button.tsx';
import { Menu } from '../components/late-menu.tsx';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

interface PauseMenuProps {
  pause: Pause | null;
  disabled: boolean;
}

/** Pauses all checks for a while. */
export const PauseMenu = memo(function PauseButton({ pause, disabled }: PauseMenuProps) {
  const api = useApi();
  if (pause) return null; // The notice shows the pause and has the button that ends it.
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" disabled={disabled}>
          Pause ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Pause all checks</Menu.Label>
        {pauseLengths.map((length) => (
          <Menu.Item
            key={length}
            onClick={() =>
              void reportFailure(
                api.jobs.pauseAll(pauseRequest(length, Date.now())),
                'Could not pause the checks',
              )
            }
          >
            {pauseWords[length].charAt(0).toUpperCase() + pauseWords[length].slice(1)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
});
