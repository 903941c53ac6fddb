import { alertKinds } from '../../shared/domain/alerts/kinds.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import type { Mark } from '../components/status-mark.tsx';

/** Returns the mark of an alert. */
export function alertMark({ kind, severity }: Pick<Alert, 'kind' | 'severity'>): Mark {
  if (alertKinds[kind].mark !== 'severity') return alertKinds[kind].mark;
  return severity === 'info' ? 'ok' : severity;
}
