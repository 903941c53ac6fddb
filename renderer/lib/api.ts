import { createORPCClient } from '@orpc/client';
import { RPCLink as HttpLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/contract/contract.ts';
import type { desktopContract } from '../../shared/contract/desktop.ts';
import { portMessage } from '../../shared/ipc.ts';

/** The engine, asked in the same words over a port (desktop) or HTTP (headless). */
export type Api = ContractRouterClient<typeof contract>;

/** What the desktop app does for its page beside. */
export type DesktopApi = ContractRouterClient<typeof desktopContract>['desktop'];

/** Electron names itself in the user agent of its pages. */
export const isDesktop = navigator.userAgent.includes(' Electron/');

/** Null where the page is a browser's. */
export function desktopOf(api: Api): DesktopApi | null {
  // SAFETY: the desktop app serves both contracts over its port.
  return isDesktop ? (api as Api & { desktop: DesktopApi }).desktop : null;
}

const tokenKey = 'notafter-token';

/**
 * The token that came in the address (`#token=…`, which no server sees) or was typed in before. It is kept for as
 * long as the tab lives, and taken out of the address.
 */
export function readToken(): string | null {
  const given = /^#token=([\w-]+)$/.exec(window.location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(tokenKey, given);
    window.history.replaceState(null, '', window.location.pathname);
  }
  return sessionStorage.getItem(tokenKey);
}

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(tokenKey);
  else sessionStorage.setItem(tokenKey, token);
}

/** A client over HTTP. */
export function connectByHttp(token: string): Api {
  return createORPCClient(
    new HttpLink({
      url: `${window.location.origin}/rpc`,
      headers: () => ({ authorization: `Bearer ${token}` }),
    }),
  );
}

/** A client over the port that the preload script hands to the page. To be called before the document is loaded. */
export async function connectByPort(): Promise<Api> {
  const { promise, resolve } = Promise.withResolvers<MessagePort>();
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source === window && event.data === portMessage && port) resolve(port);
  });
  const port = await promise;
  port.start();
  return createORPCClient(new PortLink({ port }));
}
