import type { Route } from 'playwright-core';
import { isMode } from './modes.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle(scheme: string, handler: Handler): void {
    handlers.set(scheme, handler);
  },
};

/** Chromium knows no schemes but its own: `app://notafter` goes by this name there, which leads nowhere outside. */
export const standInOrigin = 'https://notafter.invalid';
export const appOrigin = 'app://notafter';

export function toChromium(url: string): string {
  return url
    .replace(appOrigin, standInOrigin)
    .replace(encodeURIComponent(appOrigin), encodeURIComponent(standInOrigin));
}

export function toElectron(url: string): string {
  return url.replace(standInOrigin, appOrigin);
}

let missingLeft = isMode('page-missing') ? 1 : 0;

/** Whether this request finds nothing: the first one, where the mode says so. */
function isMissing(): boolean {
  missingLeft -= 1;
  return missingLeft >= 0;
}

/** Answers a page's request by the handler that the app registered for its scheme. */
export async function answerRequest(route: Route): Promise<void> {
  const request = route.request();
  const url = toElectron(request.url());
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) return route.abort();
  const response = isMissing()
    ? new Response('Not found', { status: 404 })
    : await handler(new Request(url, { method: request.method() }));
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}
