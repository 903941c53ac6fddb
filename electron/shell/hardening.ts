import { app, session } from 'electron';
import { pageOrigin } from '../../shared/desktop.ts';
import { openOutside } from './outside.ts';

/** Whether an address is our own page. */
export function isOurPage(url: string): boolean {
  return url === pageOrigin || url.startsWith(`${pageOrigin}/`);
}

/**
 * To be called once, when the app is ready: nothing that a page could ask for is granted (Electron's security checklist).
 * @param onFault called where an address could not be opened in the person's browser
 */
export function harden(onFault: (error: unknown) => void): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url).catch(onFault);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (details) => {
      if (!isOurPage(details.url)) details.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
