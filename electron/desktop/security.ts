import { app, session } from 'electron';
import { openOutside } from './window/open-external.ts';
import { isGranted, isOurPage } from './window/page-origin.ts';

/**
 * To be called once, when the app is ready: nothing that a page could ask for is granted but what `isGranted` says (Electron's security checklist).
 * @param onFault called where an address could not be opened in the person's browser
 */
export function harden(onFault: (error: unknown) => void): void {
  session.defaultSession.setPermissionRequestHandler((contents, permission, callback) =>
    callback(isGranted(permission, contents.getURL())),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    isGranted(permission, origin),
  );
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
