import { useEffect } from 'react';
import { desktopOf } from './api.ts';
import { useApi } from './api-context.tsx';

/** How many forms of the page have something that was typed and not saved. */
let dirtyForms = 0;

/**
 * Keeps the desktop from ending the page's process in the tray while a form has something that was typed and not saved. In a browser it
 * does nothing.
 */
export function useKeepPage(isDirty: boolean): void {
  const api = useApi();
  useEffect(() => {
    const desktop = desktopOf(api);
    if (!desktop || !isDirty) return;
    const tell = (change: number) => {
      dirtyForms += change;
      // A connection that is gone has no page to keep.
      desktop.keepPage({ isDirty: dirtyForms > 0 }).catch(() => undefined);
    };
    tell(1);
    return () => tell(-1);
  }, [api, isDirty]);
}
