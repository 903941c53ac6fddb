import { alertKinds } from '../../shared/domain/alerts/kinds.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import type { Mark } from '../components/status-mark.tsx';

/** The mark of the status that an alert speaks of. */
export function alertMark({ kind, severity }: Pick<Alert, 'kind' | 'severity'>): Mark {
  if (alertKinds[kind].mark !== 'severity') return alertKinds[kind].mark;
  return severity === 'info' ? 'ok' : severity;
}
