import { type ComponentType, use, useEffect, useState } from 'react';
import { painted } from './painted.ts';
import { loadMantine, StylingContext } from './styling.ts';

/** The list comes first: by then it is drawn, or the engine is slow. */
const waitMs = 1_000;

/** After so long code is asked for again that could not be loaded. */
const retryMs = 3_000;

/** What is still to be loaded ahead, one after the other. */
let ahead: Promise<unknown> = new Promise((resolve) => setTimeout(resolve, waitMs));

/** Loads one component in each idle period, so that code which starts does not hold up a key for long. */
export function loadWhenIdle(load: () => Promise<void>): void {
  // A failed download is reported when the component is shown.
  ahead = ahead.then(() => idle()).then(() => load().catch(() => undefined));
}

/**
 * Loads the styles of what comes after the first rows. Before its code, so that they precede what refines them.
 */
export function lateStyles(): Promise<unknown> {
  return import('../late.css');
}

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve()));
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error ?? new Error('The page could not be loaded.'),
  );
}

/** Whether nothing answers where the page is from. In the desktop app, whose page is in files, something always does. */
function isServiceAway(): Promise<boolean> {
  return fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' }).then(
    () => false,
    () => true,
  );
}

/**
 * Loads what is shown once the rest has been painted, which scripts that start would hold up, and again while the service is away.
 * @param onOutcome called with the error; null: it has loaded
 * @returns a function that ends it
 */
function loadShown(loadOnce: () => Promise<void>, onOutcome: (error: unknown) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;
  const attempt = async () => {
    if (isGone) return;
    let error = await failureOf(loadOnce());
    if (error !== null && (await isServiceAway())) {
      if (!isGone) timer = setTimeout(() => void attempt(), retryMs);
      return;
    }
    // The service may have come back in between.
    if (error !== null) error = await failureOf(loadOnce());
    onOutcome(error);
  };
  void painted().then(attempt);
  return () => {
    isGone = true;
    clearTimeout(timer);
  };
}

/**
 * Returns a component whose code loads shortly after the list, or when it is first shown. React.lazy would show a
 * fallback for 300 ms even if the code is already loaded.
 * While the service is away nothing is shown, and loading is tried again; code that is missing although it is back is thrown.
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const loadOnce = () => {
    loading ??= Promise.all([lateStyles(), loadMantine(), load()]).then(
      ([, , component]) => {
        loaded = component;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  loadWhenIdle(loadOnce);
  return function Later(props: Props) {
    const styling = use(StylingContext);
    const [outcome, setOutcome] = useState<{ error: unknown } | null>(null);
    useEffect(() => (loaded ? undefined : loadShown(loadOnce, (error) => setOutcome({ error }))), []);
    if (outcome?.error) throw outcome.error;
    const Loaded = loaded;
    if (!Loaded || !styling) return null;
    return (
      <styling.Provide styling={styling}>
        <Loaded {...props} />
      </styling.Provide>
    );
  };
}
