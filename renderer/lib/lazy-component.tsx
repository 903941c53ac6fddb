import { type ComponentType, useEffect, useState } from 'react';

/** The list comes first: by then it is drawn, or the engine is slow. */
const waitMs = 1_000;

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

/**
 * Returns a component whose code loads shortly after the list, or when it is first shown. React.lazy would show a
 * fallback for 300 ms even if the code is already loaded.
 * @param retryMs for what is always on the page: a service that goes away meanwhile must not take the page with it, so loading is
 * tried again after so long; without it a failed download is thrown where the component is shown
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { retryMs }: { retryMs?: number } = {},
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const fetch = () => {
    loading ??= Promise.all([lateStyles(), load()]).then(
      ([, component]) => {
        loaded = component;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  loadWhenIdle(fetch);
  return function Later(props: Props) {
    const [outcome, setOutcome] = useState<{ error: unknown } | null>(null);
    useEffect(() => {
      if (loaded) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const attempt = () =>
        fetch().then(
          () => setOutcome({ error: null }),
          (error: unknown) => {
            if (retryMs === undefined) setOutcome({ error });
            else timer = setTimeout(() => void attempt(), retryMs);
          },
        );
      void attempt();
      return () => clearTimeout(timer);
    }, []);
    if (outcome?.error) throw outcome.error;
    const Loaded = loaded;
    return Loaded && <Loaded {...props} />;
  };
}
