import { alertKindNames, alertKinds } from '../../../shared/domain/alerts/kinds.ts';
import { compareSeverity } from '../../../shared/domain/severity.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { count, list } from '../../../shared/text/words.ts';

/** Up to this many alerts are listed in full. */
const fewAlerts = 3;

/** Returns what many alerts have in common, as one title and one body. */
export function digestWords(
  alerts: readonly Alert[],
  nameOf: (jobId: string) => string,
): { title: string; body: string } {
  const bad = alerts.filter(({ severity }) => severity !== 'info');
  const jobs = (some: readonly Alert[]) => [...new Set(some.map(({ jobId }) => jobId))];
  if (bad.length === 0) {
    const names = jobs(alerts).map(nameOf);
    const isRenewal = alerts.every(({ kind }) => kind === 'renewed');
    const renewed = names.length === 1 ? 'was renewed' : 'were renewed';
    const what = isRenewal ? renewed : 'OK again';
    return { title: `${count(names.length, 'host')} ${what}`, body: `${list(names, 3)}.` };
  }
  const needy = jobs(bad);
  const title = `${count(needy.length, 'host')} ${needy.length === 1 ? 'needs' : 'need'} attention`;
  // A few are listed in full: what is wrong says more than their number.
  if (alerts.length <= fewAlerts) return { title, body: alerts.map((alert) => `${alert.title}.`).join(' ') };
  const byKind = alertKindNames.flatMap((kind) => {
    const hosts = jobs(bad.filter((alert) => alert.kind === kind)).length;
    const words = hosts > 0 && alertKinds[kind].digest;
    return words ? [words(hosts)] : [];
  });
  // The worst first, so that the names which fit are those that matter most.
  const worst = jobs(bad.toSorted((one, other) => compareSeverity(one.severity, other.severity)));
  return {
    title,
    body: `${list(byKind)}: ${list(worst.map(nameOf), 3)}.`,
  };
}

/** Returns what an upgrade that changes rules changes for hosts, as one title and one body. */
export function upgradeWords(
  alerts: readonly Alert[],
  nameOf: (jobId: string) => string,
): { title: string; body: string } {
  const jobs = (some: readonly Alert[]) => [...new Set(some.map(({ jobId }) => jobId))];
  const all = jobs(alerts);
  const worst = alerts.toSorted((one, other) => compareSeverity(one.severity, other.severity));
  const bad = jobs(worst.filter(({ severity }) => severity !== 'info'));
  const good = all.filter((jobId) => !bad.includes(jobId));
  const sentence = (some: readonly string[], one: string, many: string) =>
    some.length === 0
      ? []
      : [`${count(some.length, 'host')} ${some.length === 1 ? one : many}: ${list(some.map(nameOf), 3)}.`];
  return {
    title: `New rules change the verdict on ${count(all.length, 'host')}`,
    body: [
      'The certificates are the same as before the update of NotAfter.',
      ...sentence(bad, 'has a problem that was not reported', 'have problems that were not reported'),
      ...sentence(good, 'has no problems now', 'have no problems now'),
    ].join(' '),
  };
}
