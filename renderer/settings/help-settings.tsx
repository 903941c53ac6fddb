import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { UpdateState } from '../../shared/contract/desktop.ts';
import { type DesktopClient, desktopOf } from '../lib/api.ts';
import { useApi, useEngineEvent, useReconnected } from '../lib/api-context.tsx';
import { exactTime } from '../lib/dates.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './settings.module.css';
import type { SettingsPartProps } from './settings-errors.ts';

/** Version, log, command line and updates. */
export function HelpSettings({ settings, onSave }: SettingsPartProps) {
  const api = useApi();
  const desktop = useMemo(() => desktopOf(api), [api]);
  const [about, setAbout] = useState<{ version: string; logFile: string | null } | null>(null);
  useEffect(() => {
    api.status().then(setAbout, () => setAbout(null)); // The banner reports a lost connection.
  }, [api]);
  return (
    <section className={classes['part']} id="settings-about" aria-labelledby="settings-about-title">
      <h3 id="settings-about-title">Help and updates</h3>
      <Stack>
        {about?.logFile && (
          <Group gap="xs">
            <Text size="sm">
              Log file: <code>{about.logFile}</code>
            </Text>
            {desktop && (
              <Button
                variant="default"
                onClick={() => void reportFailure(desktop.showLog(), 'Could not open the log')}
              >
                Open log
              </Button>
            )}
          </Group>
        )}
        {desktop && <CommandPart desktop={desktop} />}
        {about && <Text size="sm">NotAfter {about.version}</Text>}
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

/** Shows whether a terminal finds `notafter`, and installs it. */
function CommandPart({ desktop }: { desktop: DesktopClient }) {
  const [command, setCommand] = useState<{ path: string | null; canPut: boolean } | null>(null);
  useEffect(() => {
    desktop.command().then(setCommand, () => setCommand(null));
  }, [desktop]);
  if (!command) return null;
  if (command.path !== null) {
    return (
      <Text size="sm">
        The command <code>notafter</code> is installed at <code>{command.path}</code>.
      </Text>
    );
  }
  if (!command.canPut) return null;
  const put = () => reportFailure(desktop.putCommand().then(setCommand), 'Could not install the command');
  return (
    <Group gap="xs">
      <Text size="sm">
        The command <code>notafter</code> is not on the PATH.
      </Text>
      <Button variant="default" onClick={() => void put()}>
        Install command
      </Button>
    </Group>
  );
}

interface UpdatePartProps {
  desktop: DesktopClient;
  isWeekly: boolean;
  onWeekly: (isWeekly: boolean) => void;
}

function UpdatePart({ desktop, isWeekly, onWeekly }: UpdatePartProps) {
  const { update, follow, isLooking } = useUpdate(desktop);
  if (!update) return null;
  if (!update.canLook) {
    return (
      <Text size="sm" className="dim">
        This copy does not update itself. Update it the way you installed it.
      </Text>
    );
  }
  return (
    <>
      <Switch
        label="Check for updates every week"
        description="Asks only the place where you downloaded NotAfter. Nothing is downloaded before you agree."
        checked={isWeekly}
        onChange={(event) => onWeekly(event.currentTarget.checked)}
      />
      <Group gap="xs">
        <Button variant="default" loading={isLooking} onClick={() => follow(desktop.lookForUpdate())}>
          Check now
        </Button>
        {update.newest !== null && (
          <Button loading={update.isLoading} onClick={() => follow(desktop.offerUpdate())}>
            Download {update.newest}…
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
  if (isLoading) return `Downloading NotAfter ${newest}…`;
  if (problem !== null) return problem;
  if (newest !== null) return `Version ${newest} is available.`;
  return lookedAt === null ? 'Never checked.' : `Up to date (checked ${exactTime(lookedAt)}).`;
}

/** Reads the state of updates, and again whenever it may have changed. */
function useUpdate(desktop: DesktopClient) {
  const [update, setUpdate] = useState<UpdateState | null>(null);
  const [isLooking, setLooking] = useState(false);
  const follow = useCallback((answer: Promise<UpdateState>) => {
    setLooking(true);
    void reportFailure(answer.then(setUpdate), 'Could not check for updates').then(() => setLooking(false));
  }, []);
  const refresh = useCallback(() => {
    desktop.update().then(setUpdate, () => setUpdate(null));
  }, [desktop]);
  useEffect(refresh, [refresh]);
  useEngineEvent('state-changed', refresh);
  useReconnected(refresh);
  return { update, follow, isLooking };
}
