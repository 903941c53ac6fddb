import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { askForToken } from '../lib/share-token.ts';

/** The form that asks for the token in a browser. */
export function SignIn({ wasRefused, onToken }: { wasRefused: boolean; onToken: (token: string) => void }) {
  const [typed, setTyped] = useState('');
  const take = useEffectEvent(onToken);
  useEffect(() => {
    // A token that was refused is what other tabs have, too.
    return wasRefused ? undefined : askForToken((token) => take(token));
  }, [wasRefused]);
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
          autoFocus
        />
        <Button type="submit" size="sm">
          Open
        </Button>
      </Stack>
    </form>
  );
}
