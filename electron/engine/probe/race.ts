/** An attempt under way: its connection, and how to let go of it. */
export interface Dial<Connection> {
  connected: Promise<Connection>;
  cancel: () => void;
}

/** How long an attempt runs alone before the next one joins it: RFC 8305 §5, “Connection Attempt Delay”. */
export const attemptDelayMs = 250;

/**
 * Races attempts as RFC 8305 §5 has it: each starts when the one before has failed or has run alone for the delay, and none is given
 * up before another has connected. Node's own autoSelectFamily gives up every attempt but the last after 250 ms.
 * @param dial begins an attempt; a connection that comes too late is let go of by `cancel`
 * @throws AggregateError with the failure of each, in order, once all have failed; the signal's reason where it aborts
 */
export function race<Candidate, Connection>(
  candidates: readonly Candidate[],
  dial: (candidate: Candidate) => Dial<Connection>,
  signal: AbortSignal,
): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const running = new Set<Dial<Connection>>();
  const failures: unknown[] = [];
  let begun = 0;
  let timer: NodeJS.Timeout | undefined;

  const finish = (answer: () => void) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    for (const attempt of running) attempt.cancel();
    running.clear();
    answer();
  };
  const onAbort = () => finish(() => reject(signal.reason));
  const begin = () => {
    clearTimeout(timer);
    const index = begun;
    if (index >= candidates.length) return;
    begun += 1;
    // SAFETY: the index is within the list.
    const attempt = dialSafely(dial, candidates[index] as Candidate);
    running.add(attempt);
    timer = setTimeout(begin, attemptDelayMs);
    attempt.connected.then(
      (connection) => {
        if (!running.delete(attempt)) return;
        finish(() => resolve(connection));
      },
      (error: unknown) => {
        if (!running.delete(attempt)) return;
        failures[index] = error;
        if (running.size === 0 && begun === candidates.length)
          finish(() => reject(new AggregateError(failures)));
        else begin();
      },
    );
  };

  if (signal.aborted) onAbort();
  else {
    signal.addEventListener('abort', onAbort, { once: true });
    if (candidates.length === 0) finish(() => reject(new AggregateError([])));
    else begin();
  }
  return promise;
}

/** A dial that throws is one that failed: the next attempt begins in a timer, where nothing would catch it. */
function dialSafely<Candidate, Connection>(
  dial: (candidate: Candidate) => Dial<Connection>,
  candidate: Candidate,
): Dial<Connection> {
  try {
    return dial(candidate);
  } catch (error) {
    return { connected: Promise.reject(error), cancel: () => undefined };
  }
}

/** Orders addresses by turns of their families, the first one's first (RFC 8305 §4); within a family the resolver's order stays. */
export function byTurns<Address extends { family: 4 | 6 }>(addresses: readonly Address[]): Address[] {
  const first = addresses.filter(({ family }) => family === addresses[0]?.family);
  const second = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length));
}
