import { useEffect } from 'react';
import { focusPlace, type Place, placeOf } from './focus-place.ts';

/** What lies over the page for a while and is left by itself. */
const floating = '[role=dialog], [role=menu], .mantine-Notifications-root';

/** Lists, dialogs and menus give the focus back by themselves, some after a moment. In milliseconds. */
const graceMs = 40;

/**
 * Keeps the focus in the page: a button that goes with what it did (Undo, Accept, a filter's ×) gives it to what is next to
 * it, and one that is disabled for a while gets it back, so that the next key acts and a screen reader stays where it was.
 */
export function FocusKeeper() {
  useEffect(() => {
    /** The last place in the page itself, null where it was left on purpose, and the last one of all. */
    let inPage: Place | null = null;
    let last: Place | null = null;
    let wasDisabled = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isLost = () => document.activeElement === document.body && last !== null;
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      last = placeOf(target);
      wasDisabled = false;
      if (!target.closest(floating)) inPage = last;
    };
    const onBlur = ({ target, relatedTarget }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || relatedTarget !== null || target.closest(floating)) return;
      // By then what is removed has left the document: Escape in the search leaves it where it is.
      queueMicrotask(() => {
        const isLeft = target.isConnected && !target.matches(':disabled');
        if (isLeft && document.activeElement === document.body) inPage = null;
      });
    };
    const restore = () => {
      if (!isLost() || last === null) return;
      // Since it was lost, another element may have had the focus, and have been left on purpose.
      if (last.element.isConnected && !wasDisabled) return;
      // A menu that closes goes with all that could have had the focus in it.
      const isThere = last.element.isConnected || last.part?.isConnected;
      focusPlace(isThere ? last : (inPage ?? last));
    };
    const onChange = () => {
      if (!isLost() || last === null) return;
      const { element } = last;
      const isDisabled = element.isConnected && element.matches(':disabled');
      wasDisabled ||= isDisabled;
      // Where neither is so, the focus was left on purpose.
      if (isDisabled || (element.isConnected && !wasDisabled)) return;
      clearTimeout(timer);
      timer = setTimeout(restore, graceMs);
    };
    // A click on the ground takes the focus away on purpose.
    const onPointer = () => {
      if (document.activeElement === document.body) last = null;
    };
    const observer = new MutationObserver(onChange);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    window.addEventListener('pointerup', onPointer);
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
      window.removeEventListener('pointerup', onPointer);
      observer.disconnect();
    };
  }, []);
  return null;
}
