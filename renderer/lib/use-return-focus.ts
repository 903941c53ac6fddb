import { useEffect, useState } from 'react';

/**
 * Gives the focus back when a dialog closes to what had it when the dialog opened. Mantine does so only for a dialog that
 * was closed before, and ours are drawn when they open.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Once the dialog has left the document, and its focus trap with it.
      setTimeout(() => {
        const isLost = document.activeElement === document.body || document.activeElement === null;
        if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
}
