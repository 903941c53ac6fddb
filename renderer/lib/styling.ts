import { type ComponentType, createContext, type ReactNode } from 'react';

/** Mantine's theme and color scheme, and what hands them to the parts that are loaded later. */
export interface Styling {
  /** The same component for as long as the page is open, so that what is in it keeps its state. */
  Provide: ComponentType<{ styling: Styling; children: ReactNode }>;
  /** Of a type that only `Provide` knows. */
  value: unknown;
}

/** Null until Mantine has loaded: the first rows do without it. */
export const StylingContext = createContext<Styling | null>(null);

const loaded = Promise.withResolvers<typeof import('../components/mantine-root.tsx')>();
let loading: Promise<unknown> | null = null;

/** Loads Mantine, once. The next call tries again if it fails. */
export function loadMantine(): Promise<unknown> {
  loading ??= import('../components/mantine-root.tsx').then(loaded.resolve, (error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Resolves once something has loaded Mantine. */
export const mantineLoaded = loaded.promise;

const schemeKey = 'mantine-color-scheme-value';

/** Shows the color scheme that was chosen, until Mantine does: it keeps the choice under the same name. */
export function showColorScheme(): void {
  const chosen = readScheme();
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
}

function readScheme(): string | null {
  try {
    return localStorage.getItem(schemeKey);
  } catch {
    return null; // Storage is off.
  }
}
