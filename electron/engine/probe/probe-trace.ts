import type { Attempt, Timings } from '../../../shared/schema/check-result.ts';
import type { ServerPresentation } from './presentation.ts';
import type { AlertError } from './tls-reader/index.ts';
import type { UnreachableError } from './unreachable.ts';

/** How far a check has come: filled in on the way, so that one that fails tells where. */
export interface ProbeTrace {
  /** The address that is connected to: whatever follows goes to the same one. */
  address: string | null;
  /** Every address, with what became of it when connecting. */
  attempts: Attempt[];
  timings: Omit<Timings, 'total'>;
  /** What the server presented last without proving its key. */
  unproven: ServerPresentation | null;
  /** The alert with which the server ended the light reader's handshake: what it says outlasts a vaguer failure after it. */
  alert: AlertError | null;
  /** How the light reader failed: the answer where the full one has none by the deadline. */
  met: UnreachableError | null;
}

export function newProbeTrace(): ProbeTrace {
  return {
    address: null,
    attempts: [],
    timings: { dns: null, tcp: null, starttls: null, tls: null },
    unproven: null,
    alert: null,
    met: null,
  };
}
