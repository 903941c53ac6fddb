import { useEffect } from 'react';
import { desktopOf } from './api.ts';
import { useApi } from './api-context.tsx';

/** Number of forms with unsaved changes. */
let dirtyForms = 0;

/**
 * Keeps the desktop app from ending the page's process in the tray while a form has unsaved changes. Does nothing in a browser.
 */
export function useKeepPage(isDirty: boolean): void {
  const api = useApi();
  useEffect(() => {
    const desktop = desktopOf(api);
    if (!desktop || !isDirty) return;
    const tell = (change: number) => {
      dirtyForms += change;
      // Without a connection there is no page to keep.
      desktop.keepPage({ isDirty: dirtyForms > 0 }).catch(() => undefined);
    };
    tell(1);
    return () => tell(-1);
  }, [api, isDirty]);
}
