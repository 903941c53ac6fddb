import { useEffect, useMemo, useState } from 'react';
import { App } from './app.tsx';
import { lookAhead } from './hosts/use-jobs.ts';
import { type Api, keepToken, makeHttpClient, readToken } from './lib/api.ts';
import { lazyComponent } from './lib/lazy-component.tsx';

const SignIn = lazyComponent(async () => (await import('./layout/sign-in.tsx')).SignIn);

/** The connection that can be had before anything is drawn, with what the list begins with already asked for. */
export function connectAhead(): { token: string; api: Api } | null {
  const token = readToken();
  return token === null ? null : { token, api: lookAhead(makeHttpClient(token)) };
}

/** The page in a browser: asks for the token where the address did not bring it. */
export function Browser({ begun }: { begun: ReturnType<typeof connectAhead> }) {
  const [token, setToken] = useState(begun?.token ?? null);
  const [wasRefused, setWasRefused] = useState(false);
  const connection = useMemo(() => {
    if (token === null) return null;
    return token === begun?.token ? begun.api : makeHttpClient(token);
  }, [token, begun]);
  useEffect(() => {
    if (token === null) return;
    const sharing = import('./lib/share-token.ts').then(({ shareToken }) => shareToken(token));
    return () => void sharing.then((stop) => stop());
  }, [token]);
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
