import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/contract/contract.ts';
import type { desktopContract } from '../../shared/contract/desktop.ts';
import { portMessage } from '../../shared/ipc.ts';

/** The engine, called in the same way over a port (desktop) or HTTP (headless). */
export type Api = ContractRouterClient<typeof contract>;

/** Calls that only the desktop app serves. */
export type DesktopClient = ContractRouterClient<typeof desktopContract>['desktop'];

/** Electron adds its name to the user agent of its pages. */
export const isDesktop = navigator.userAgent.includes(' Electron/');

/** Returns the desktop calls; null in a browser. */
export function desktopOf(api: Api): DesktopClient | null {
  // SAFETY: the desktop app serves both contracts over its port.
  return isDesktop ? (api as Api & { desktop: DesktopClient }).desktop : null;
}

const tokenKey = 'notafter-token';

/**
 * Returns the token from the address (`#token=…`, which no server sees) or from an earlier sign-in. Keeps it until the
 * tab closes, and removes it from the address.
 */
export function readToken(): string | null {
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    keepToken(given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(tokenKey);
}

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(tokenKey);
  else sessionStorage.setItem(tokenKey, token);
}

/** How many bytes of requests may still outlast the page: browsers refuse more than 64 KiB at once (Fetch standard, inflight keepalive bytes). */
let keptBytes = 0;
// Added before the listeners that confirm what could still be undone; a page that comes back from the cache goes on with the timer.
const noteLeaving = () => {
  keptBytes = 60_000;
  setTimeout(() => {
    keptBytes = 0;
  });
};
window.onpagehide = noteLeaving;

/** Creates a client over HTTP. */
export function makeHttpClient(token: string): Api {
  return createORPCClient(
    new RPCLink({
      url: `${location.origin}/rpc`,
      headers: { authorization: `Bearer ${token}` },
      // What a page sends while it closes has to outlast it: a step that leaving the page confirms. What is larger, as the deletion of
      // thousands of hosts, is sent as ever: most of the time it leaves with the page.
      fetch(request, init, _options, _path, input) {
        const bytes = keptBytes > 0 ? new Blob([JSON.stringify(input)]).size : 0;
        const keepalive = bytes < keptBytes;
        if (keepalive) keptBytes -= bytes;
        return fetch(request, { ...init, keepalive });
      },
    }),
  );
}

/** Creates a client over the port that the preload script hands to the page. Call it before the document has loaded. */
export async function connectByPort(): Promise<Api> {
  const { promise, resolve } = Promise.withResolvers<MessagePort>();
  addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source === window && event.data === portMessage && port) resolve(port);
  });
  // Loads while the port is on its way.
  const [{ makePortClient }, port] = await Promise.all([import('./port-client.ts'), promise]);
  return makePortClient(port);
}
