import { type ComponentType, useEffect, useState } from 'react';

/** The list comes first: it is drawn by then, or waits for an engine that is slow. */
const waitMs = 1_000;

/**
 * A component whose code is fetched a while after the list, or when it is first shown. Not by React.lazy: that
 * shows a fallback for 300 ms even where the code is there already.
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const fetch = () => {
    loading ??= load().then((component) => {
      loaded = component;
    });
    return loading;
  };
  // Where it cannot be had, that is told when it is to be shown.
  setTimeout(() => requestIdleCallback(() => void fetch().catch(() => undefined)), waitMs);
  return function Later(props: Props) {
    const [outcome, setOutcome] = useState<{ error: unknown } | null>(null);
    useEffect(() => {
      if (loaded) return;
      fetch().then(
        () => setOutcome({ error: null }),
        (error: unknown) => setOutcome({ error }),
      );
    }, []);
    if (outcome?.error) throw outcome.error;
    const Loaded = loaded;
    return Loaded && <Loaded {...props} />;
  };
}
