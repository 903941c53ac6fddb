import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { UpdateState } from '../../shared/contract/desktop.ts';
import { type DesktopApi, desktopOf } from '../lib/api.ts';
import { useApi, useEngineEvent, useReconnected } from '../lib/api-context.tsx';
import { exactTime } from '../lib/dates.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './settings.module.css';
import type { SettingsPartProps } from './settings-errors.ts';

/** Which NotAfter this is, what it says of itself, and whether there is a newer one. */
export function HelpSettings({ settings, onSave }: SettingsPartProps) {
  const api = useApi();
  const desktop = useMemo(() => desktopOf(api), [api]);
  const [about, setAbout] = useState<{ version: string; logFile: string | null } | null>(null);
  useEffect(() => {
    api.status().then(setAbout, () => setAbout(null)); // The list says when NotAfter does not answer.
  }, [api]);
  return (
    <section className={classes['part']} aria-labelledby="settings-help">
      <h3 id="settings-help">Help</h3>
      <Stack>
        {about?.logFile && (
          <Group gap="xs">
            <Text size="sm">
              What ran, and what it found, stands in the log: <code>{about.logFile}</code>
            </Text>
            {desktop && (
              <Button
                variant="default"
                onClick={() => void reportFailure(desktop.showLog(), 'The log could not be shown')}
              >
                Show the log
              </Button>
            )}
          </Group>
        )}
        {desktop && <CommandPart desktop={desktop} />}
        {about && <Text size="sm">This is NotAfter {about.version}.</Text>}
        {desktop && (
          <UpdatePart
            desktop={desktop}
            isWeekly={settings.updates === 'weekly'}
            onWeekly={(isWeekly) => void onSave({ updates: isWeekly ? 'weekly' : 'off' })}
          />
        )}
      </Stack>
    </section>
  );
}

/** Whether a terminal finds `notafter`, and putting it there. */
function CommandPart({ desktop }: { desktop: DesktopApi }) {
  const [command, setCommand] = useState<{ path: string | null; canPut: boolean } | null>(null);
  useEffect(() => {
    desktop.command().then(setCommand, () => setCommand(null));
  }, [desktop]);
  if (!command) return null;
  if (command.path !== null) {
    return (
      <Text size="sm">
        In a terminal it is <code>notafter</code> (<code>{command.path}</code>).
      </Text>
    );
  }
  if (!command.canPut) return null;
  const put = () => reportFailure(desktop.putCommand().then(setCommand), 'The command was not put there');
  return (
    <Group gap="xs">
      <Text size="sm">
        A terminal does not find <code>notafter</code>.
      </Text>
      <Button variant="default" onClick={() => void put()}>
        Put it there
      </Button>
    </Group>
  );
}

interface UpdatePartProps {
  desktop: DesktopApi;
  isWeekly: boolean;
  onWeekly: (isWeekly: boolean) => void;
}

function UpdatePart({ desktop, isWeekly, onWeekly }: UpdatePartProps) {
  const { update, follow, isLooking } = useUpdate(desktop);
  if (!update) return null;
  if (!update.canLook) {
    return (
      <Text size="sm" className="dim">
        This copy does not know where newer ones are: it is renewed in the way in which it came.
      </Text>
    );
  }
  return (
    <>
      <Switch
        label="Look for a newer version every week"
        description="Where this copy came from is asked, and learns nothing but that. Nothing is loaded or changed before you say so."
        checked={isWeekly}
        onChange={(event) => onWeekly(event.currentTarget.checked)}
      />
      <Group gap="xs">
        <Button variant="default" loading={isLooking} onClick={() => follow(desktop.lookForUpdate())}>
          Look now
        </Button>
        {update.newest !== null && (
          <Button loading={update.isLoading} onClick={() => follow(desktop.offerUpdate())}>
            Get {update.newest}…
          </Button>
        )}
        <Text size="sm" role="status">
          {statusOf(update)}
        </Text>
      </Group>
    </>
  );
}

function statusOf({ newest, lookedAt, problem, isLoading }: UpdateState): string {
  if (isLoading) return `NotAfter ${newest} is being loaded.`;
  if (problem !== null) return problem;
  if (newest !== null) return `NotAfter ${newest} is there.`;
  return lookedAt === null ? 'It was never looked for.' : `None was there at ${exactTime(lookedAt)}.`;
}

/** The state of updates, read again whenever it may have changed. */
function useUpdate(desktop: DesktopApi) {
  const [update, setUpdate] = useState<UpdateState | null>(null);
  const [isLooking, setLooking] = useState(false);
  const follow = useCallback((answer: Promise<UpdateState>) => {
    setLooking(true);
    void reportFailure(answer.then(setUpdate), 'Newer versions could not be looked for').then(() =>
      setLooking(false),
    );
  }, []);
  const refresh = useCallback(() => {
    desktop.update().then(setUpdate, () => setUpdate(null));
  }, [desktop]);
  useEffect(refresh, [refresh]);
  useEngineEvent('state-changed', refresh);
  useReconnected(refresh);
  return { update, follow, isLooking };
}
