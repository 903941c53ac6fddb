import { useSyncExternalStore } from 'react';

/** How the window looks and acts in this browser. */
export interface Preferences {
  density: 'compact' | 'comfortable';
  /** High contrast replaces the colors of the theme. */
  contrast: 'normal' | 'high';
  /** Whether single letters act on hosts. Off for people whose speech input types letters (WCAG 2.1.4). */
  letters: 'on' | 'off';
  sidebar: 'full' | 'rail';
  /** Width of the host page beside the list, in pixels. A wide window has its own, and leaves that of a smaller one as it is. */
  paneWidth: number;
  widePaneWidth: number;
  timeline: 'quarter' | 'year';
  /** When the person confirmed that a test notification reached them, ISO 8601; empty: never. */
  alertSeenAt: string;
}

const usual: Preferences = {
  density: 'compact',
  contrast: 'normal',
  letters: 'on',
  sidebar: 'full',
  paneWidth: 432,
  widePaneWidth: 432,
  timeline: 'quarter',
  alertSeenAt: '',
};

const key = 'notafter-view';
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return usual;
    // What another version stored may be anything: a field counts if it is of the right type.
    const known = Object.entries(usual).map(([name, value]) => {
      const found: unknown = Reflect.get(stored, name);
      return [name, typeof found === typeof value ? found : value];
    });
    return Object.fromEntries(known) as Preferences; // SAFETY: every field is there, with its type.
  } catch {
    return usual; // Storage is off, or holds invalid JSON.
  }
}

/** Returns the preferences; for code outside of React. */
export function preferences(): Preferences {
  return current;
}

/** Windows from this width on are wide; app.module.css has the same number. */
const wideFrom = 1300;

/** Returns which width of the host page holds in a window. */
export function paneField(windowWidth: number): 'paneWidth' | 'widePaneWidth' {
  return windowWidth < wideFrom ? 'paneWidth' : 'widePaneWidth';
}

/** Changes some preferences and stores them. */
export function setPreferences(changed: Partial<Preferences>): void {
  current = { ...current, ...changed };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Storage is off: the choice lasts until the page closes.
  }
  for (const listener of [...listeners]) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
