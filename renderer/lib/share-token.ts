const channel = 'notafter-token';

/** What tabs of this page say to each other; only pages of the same origin hear it. */
type Message = { ask: true } | { token: string };

/** Hands the token to other tabs of this browser that ask for it. @returns a function that stops it */
export function shareToken(token: string): () => void {
  const others = new BroadcastChannel(channel);
  others.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if ('ask' in data) others.postMessage({ token } satisfies Message);
  });
  return () => others.close();
}

/** Asks other tabs of this browser for the token. @returns a function that stops waiting */
export function askForToken(onToken: (token: string) => void): () => void {
  const others = new BroadcastChannel(channel);
  others.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if ('token' in data) onToken(data.token);
  });
  others.postMessage({ ask: true } satisfies Message);
  return () => others.close();
}
