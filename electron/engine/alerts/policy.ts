import type { Alert } from '../../../shared/alert.ts';
import type { CheckResult } from '../../../shared/check-result.ts';
import { duration, expiryWords } from '../../../shared/words.ts';

/** Days before expiry at which a person hears of it. */
const expiryDays = [1, 3, 7, 14, 30] as const;

/** How many results in a row must be unreachable before anyone hears of it. */
export const unreachableRun = 3;

const dayMs = 24 * 60 * 60 * 1000;

export interface Situation {
  /** What people call the job. */
  name: string;
  result: CheckResult;
  /** Unreachable results in a row up to this one, and the time of the first of them. */
  unreachable: { length: number; since: string | null };
  /** Milliseconds since the epoch. */
  now: number;
}

/** An alert that is due. Keys name an occasion: each is said once for a job, and never again. */
export interface DueAlert extends Pick<Alert, 'kind' | 'severity' | 'title' | 'body'> {
  key: string;
  /** Lesser occasions that this one covers: they are not said any more either. */
  covers: string[];
}

/** What a person must hear after a result, whether or not it was said before. At most one alert comes of a result. */
export function dueAlert(situation: Situation): DueAlert | null {
  const { result, now } = situation;
  if (result.status === 'unreachable') return unreachableAlert(situation);
  if (!result.certificate) return null;
  const left = Date.parse(result.certificate.validTo) - now;
  return left < 0 ? expiredAlert(situation) : expiringAlert(situation, left);
}

function unreachableAlert({ name, result, unreachable, now }: Situation): DueAlert | null {
  if (unreachable.length < unreachableRun || unreachable.since === null) return null;
  const lasting = duration(now - Date.parse(unreachable.since));
  return {
    key: `unreachable:${unreachable.since}`,
    covers: [],
    kind: 'unreachable',
    severity: 'critical',
    title: `${name} cannot be reached`,
    body: `${result.unreachable?.message ?? 'It does not answer.'} For ${lasting} now, ${unreachable.length} checks in a row.`,
  };
}

function expiredAlert({ name, result, now }: Situation): DueAlert | null {
  const { certificate, problems } = result;
  if (!certificate) return null;
  const problem = problems.find(({ code }) => code === 'expired');
  return {
    key: `expired:${certificate.fingerprint256}`,
    covers: expiryDays.map((days) => expiringKey(days, certificate.fingerprint256)),
    kind: 'expired',
    severity: 'critical',
    title: `${name} expired ${expiryWords(certificate.validTo, now)}`,
    body: problem?.remedy ?? 'Renew the certificate: clients refuse it now.',
  };
}

function expiringAlert({ name, result, now }: Situation, left: number): DueAlert | null {
  const { certificate, problems } = result;
  const crossed = expiryDays.find((days) => left < days * dayMs);
  if (!certificate || crossed === undefined) return null;
  const problem = problems.find(({ code }) => code === 'expiring');
  return {
    key: expiringKey(crossed, certificate.fingerprint256),
    covers: expiryDays
      .filter((days) => days > crossed)
      .map((days) => expiringKey(days, certificate.fingerprint256)),
    kind: 'expiring',
    severity: crossed <= 7 ? 'critical' : 'warning',
    title: `${name} expires ${expiryWords(certificate.validTo, now)}`,
    body: problem?.remedy ?? 'Renew the certificate before then.',
  };
}

function expiringKey(days: number, fingerprint: string): string {
  return `expiring:${days}:${fingerprint}`;
}
