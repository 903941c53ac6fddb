import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { protocol } from 'electron';
import { lookup } from 'mrmime';
import { pagePolicy } from '../../../shared/csp.ts';
import { pageOrigin, pageScheme } from '../../../shared/ipc.ts';

/** To be called before the app is ready: the scheme counts as secure and standard, as https does. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      // The code cache spares the page the compiling of its scripts from the second start on.
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the built page, and nothing outside its folder. */
export function servePage(folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const url = new URL(request.url);
    const path = normalize(
      join(folder, decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname)),
    );
    if (
      request.method !== 'GET' ||
      `${url.protocol}//${url.host}` !== pageOrigin ||
      !path.startsWith(folder + sep)
    ) {
      return new Response('Not found', { status: 404 });
    }
    try {
      const body = await readFile(path);
      return new Response(new Uint8Array(body), {
        headers: {
          'content-type': lookup(path) ?? 'application/octet-stream',
          'content-security-policy': pagePolicy,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
