import { foldText, searchText, searchWords } from '../../shared/domain/job-search.ts';
import { expiryOf } from '../../shared/domain/job-urgency.ts';
import { type Alert, type AlertState, alertStateOf } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { type SearchPart, searchParts } from '../hosts/list/search-parts.ts';
import { isExpiryWithin } from '../hosts/list/search-query.ts';

/** The states as the page names them. */
export const stateWords: Readonly<Record<AlertState, string>> = {
  open: 'Needs attention',
  snoozed: 'Snoozed',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  info: 'Good news',
};

/** What `status:` knows of alerts: their states, and their severities. */
const statuses: Readonly<Record<string, (alert: Alert) => boolean>> = {
  attention: (alert) => alertStateOf(alert) === 'open',
  snoozed: (alert) => alertStateOf(alert) === 'snoozed',
  acknowledged: (alert) => alertStateOf(alert) === 'acknowledged',
  resolved: (alert) => alertStateOf(alert) === 'resolved',
  critical: ({ severity }) => severity === 'critical',
  warning: ({ severity }) => severity === 'warning',
  info: ({ severity }) => severity === 'info',
};
export const alertStatuses = Object.keys(statuses);

/** An alert with its host; undefined: it was deleted. */
interface Subject {
  alert: Alert;
  job: JobView | undefined;
}
type Test = (subject: Subject, now: number) => boolean;

/**
 * Reads a search of alerts: the language is that of the list of hosts. `tag:`, `issuer:` and `expires<30` are of the host,
 * `status:` of the alert, and words of both.
 */
export function readAlertSearch(search: string): Test {
  const tests = searchParts(search).flatMap((part): Test[] => {
    const test = alertTest(part);
    if (!test) return [];
    return [part.isExcluded ? (subject, now) => !test(subject, now) : test];
  });
  return (subject, now) => tests.every((test) => test(subject, now));
}

function alertTest(part: SearchPart): Test | null {
  if (part.kind === 'days')
    return ({ job }, now) => job !== undefined && isExpiryWithin(expiryOf(job), part.isBelow, part.days, now);
  if (part.kind === 'field') return fieldTest(part.field, foldText(part.value));
  const words = part.isPhrase ? [foldText(part.text)] : searchWords(part.text);
  if (words.length === 0) return null;
  return (subject) => {
    const text = textOf(subject);
    return words.every((word) => text.includes(word));
  };
}

function fieldTest(field: string, value: string): Test | null {
  if (value === '') return null; // Still being typed.
  if (field === 'tag') return ({ job }) => job?.tags.some((tag) => foldText(tag) === value) ?? false;
  if (field === 'issuer') return ({ job }) => foldText(job?.lastCheck?.issuer ?? '').includes(value);
  const known =
    alertStatuses.find((name) => name === value) ?? alertStatuses.find((name) => name.startsWith(value));
  const test = known === undefined ? undefined : statuses[known];
  return test ? ({ alert }) => test(alert) : () => false;
}

const textOf = ({ alert: { title, body }, job }: Subject) =>
  `${foldText(`${title} ${body}`)} ${job ? searchText(job) : ''}`;
