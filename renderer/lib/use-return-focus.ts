import { useEffect, useState } from 'react';
import { focusPlace, placeOf } from './focus-place.ts';

/**
 * Gives the focus back when a dialog closes to what had it when the dialog opened, or to what is next to it where that is
 * gone. Mantine does so only for a dialog that was closed before, and ours are drawn when they open.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => {
    const { activeElement } = document;
    const isSomewhere = activeElement instanceof HTMLElement && activeElement !== document.body;
    return isSomewhere ? placeOf(activeElement) : null;
  });
  useEffect(
    () => () => {
      // Once the dialog has left the document, and its focus trap with it.
      setTimeout(() => {
        const isLost = document.activeElement === document.body || document.activeElement === null;
        if (isLost && before !== null) focusPlace(before);
      });
    },
    [before],
  );
}
