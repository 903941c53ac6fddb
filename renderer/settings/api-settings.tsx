import { Button, CopyButton, Group, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { Access } from '../../shared/schema/api-access.ts';
import { isDesktop, keepToken } from '../lib/api.ts';
import { useApi, useEngineEvent, useReconnected } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

/** The HTTP API for scripts: on or off, its address and token. */
export function ApiSettings({ settings, errors, onSave }: SettingsPartProps) {
  const api = useApi();
  const { access, refresh } = useAccess();
  // Kept as typed: the click that turns the API on may be what leaves the field.
  const [port, setPort] = useState(settings.api.port);
  const rotate = async () => {
    const rotated = await api.access.rotateToken();
    if (!isDesktop && rotated.token !== null) {
      keepToken(rotated.token);
      window.location.reload();
    } else refresh();
  };
  return (
    <section className={classes['part']} id="settings-api" aria-labelledby="settings-api-title">
      <h3 id="settings-api-title">API</h3>
      <Stack>
        {isDesktop ? (
          <>
            <Switch
              label="Allow scripts on this computer"
              description="Serves an HTTP API on 127.0.0.1 to programs that have its token. The command line uses it too."
              checked={settings.api.enabled}
              onChange={(event) => void onSave({ api: { port, enabled: event.currentTarget.checked } })}
            />
            <NumberInput
              label="Port"
              value={port}
              onChange={(value) => setPort(Number(value))}
              error={errorAt(errors, 'api')}
              onBlur={() => {
                if (port !== settings.api.port) void onSave({ api: { ...settings.api, port } });
              }}
            />
          </>
        ) : (
          <Text size="sm" className="dim">
            Scripts can use the API with the token while <code>notafter serve</code> runs.
          </Text>
        )}
        {access?.problem && <p role="alert">{access.problem}</p>}
        {access?.url && (
          <>
            <Text size="sm">
              Address: <code>{access.listenUrl ?? access.url}</code>{' '}
              <span className="dim">(documentation at /docs)</span>
            </Text>
            <Group gap="xs">
              <Copy label="Copy token" value={access.token ?? ''} />
              <Copy label="Copy calendar address" value={access.calendarUrl ?? ''} />
              <Button
                variant="default"
                onClick={() => void reportFailure(rotate(), 'Could not create a new token')}
              >
                Create new token
              </Button>
            </Group>
            <Text size="sm" className="dim">
              A new token replaces the old one and changes the calendar address. The token is stored in{' '}
              <code>{access.tokenFile}</code>, which only you can read.
            </Text>
          </>
        )}
      </Stack>
    </section>
  );
}

function Copy({ label, value }: { label: string; value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  );
}

/** Reads the address of the API, and again whenever it may have changed. */
function useAccess() {
  const api = useApi();
  const [access, setAccess] = useState<Access | null>(null);
  const refresh = useCallback(() => {
    api.access.get().then(setAccess, () => setAccess(null));
  }, [api]);
  useEffect(() => {
    refresh();
  }, [refresh]);
  // Turning the API on takes a moment; the engine reports when it listens.
  useEngineEvent('state-changed', refresh);
  useReconnected(refresh);
  return { access, refresh };
}
