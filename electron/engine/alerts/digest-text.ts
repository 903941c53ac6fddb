import type { Alert, AlertKind } from '../../../shared/schema/alert.ts';
import { count, list } from '../../../shared/text/words.ts';

/** What many alerts have in common, as one title and one body. */
export function digestWords(
  alerts: readonly Alert[],
  nameOf: (jobId: string) => string,
): { title: string; body: string } {
  const bad = alerts.filter(({ severity }) => severity !== 'info');
  const jobs = (some: readonly Alert[]) => [...new Set(some.map(({ jobId }) => jobId))];
  if (bad.length === 0) {
    const names = jobs(alerts).map(nameOf);
    return { title: `${count(names.length, 'host')} all right again`, body: `${list(names, 3)}.` };
  }
  const needy = jobs(bad);
  const byKind = kindWords
    .map(([kinds, words]) => ({ words, number: jobs(bad.filter(({ kind }) => kinds.includes(kind))).length }))
    .filter(({ number }) => number > 0)
    .map(({ words, number }) => words(number));
  // The worst first, so that the names which fit are those that matter most.
  const worst = jobs(bad.toSorted((one, other) => rank(one) - rank(other)));
  return {
    title: `${count(needy.length, 'host')} ${needy.length === 1 ? 'needs' : 'need'} you`,
    body: `${list(byKind)}: ${list(worst.map(nameOf), 3)}.`,
  };
}

const rank = ({ severity }: Alert) => ['critical', 'warning', 'info'].indexOf(severity);

const verb = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

const kindWords: readonly [readonly AlertKind[], (number: number) => string][] = [
  [['expired'], (number) => `${number} expired`],
  [['expiring'], (number) => verb(number, 'expires soon', 'expire soon')],
  [['overdue'], (number) => verb(number, 'was not renewed as usual', 'were not renewed as usual')],
  [['unreachable'], (number) => `${number} cannot be reached`],
  [['problem'], (number) => verb(number, 'has a problem', 'have problems')],
  [['changed'], (number) => verb(number, 'shows another certificate', 'show other certificates')],
];
