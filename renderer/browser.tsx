import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { App } from './app.tsx';
import { lookAhead } from './hosts/use-jobs.ts';
import { type Api, connectByHttp, keepToken, readToken } from './lib/api.ts';

/** The connection that can be had before anything is drawn, with what the list begins with already asked for. */
export function connectAhead(): { token: string; api: Api } | null {
  const token = readToken();
  return token === null ? null : { token, api: lookAhead(connectByHttp(token)) };
}

/** The page in a browser: asks for the token where the address did not bring it. */
export function Browser({ begun }: { begun: ReturnType<typeof connectAhead> }) {
  const [token, setToken] = useState(begun?.token ?? null);
  const [wasRefused, setWasRefused] = useState(false);
  const connection = useMemo(() => {
    if (token === null) return null;
    return token === begun?.token ? begun.api : connectByHttp(token);
  }, [token, begun]);
  if (connection) {
    return (
      <App
        connection={connection}
        onRefused={() => {
          keepToken(null);
          setWasRefused(true);
          setToken(null);
        }}
      />
    );
  }
  return (
    <SignIn
      wasRefused={wasRefused}
      onToken={(given) => {
        keepToken(given);
        setToken(given);
      }}
    />
  );
}

function SignIn({ wasRefused, onToken }: { wasRefused: boolean; onToken: (token: string) => void }) {
  const [typed, setTyped] = useState('');
  return (
    <form
      style={{ maxWidth: 380, margin: '18vh auto 0', padding: 20 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') onToken(typed.trim());
      }}
    >
      <Stack>
        <Title order={1} size="h3">
          NotAfter
        </Title>
        <Text size="sm">
          Enter the token that NotAfter printed when it started. You can also find it in the file “token” in
          the data folder.
        </Text>
        <PasswordInput
          label="Token"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={
            wasRefused
              ? 'This token is wrong or no longer valid. Copy it again from the terminal or the file “token”.'
              : undefined
          }
          data-autofocus
        />
        <Button type="submit" size="sm">
          Open
        </Button>
      </Stack>
    </form>
  );
}
