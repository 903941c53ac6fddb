import { type ComponentType, useEffect, useState } from 'react';

/** When nothing else is to be done, and in any case soon. */
const longestWaitMs = 2_000;

/**
 * A component whose code is fetched once the window has been painted, or when it is first shown. Not by React.lazy: that
 * shows a fallback for 300 ms even where the code is there already.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const fetch = () => {
    loading ??= load().then((component) => {
      loaded = component;
    });
    return loading;
  };
  requestIdleCallback(() => void fetch().catch(() => undefined), { timeout: longestWaitMs }); // Told when it is shown.
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
