import { foldText, searchWords } from '../../../shared/domain/job-search.ts';
import { expiryOf, hasAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { type SearchPart, searchParts } from './search-parts.ts';

const dayMs = 86_400_000;

/** States that `status:` knows. */
const statuses: Readonly<Record<string, (job: JobView, now: number) => boolean>> = {
  attention: (job) => needsPerson(job),
  critical: ({ status, paused }) => status === 'critical' && !paused,
  warning: ({ status, paused }) => status === 'warning' && !paused,
  unreachable: ({ status, paused }) => status === 'unreachable' && !paused,
  expired: (job, now) => expiryOf(job) < now,
  ok: (job) => !job.paused && job.status !== 'pending' && !needsPerson(job),
  paused: ({ paused }) => paused,
  accepted: hasAccepted,
  pending: ({ status }) => status === 'pending',
};
const statusWords = Object.keys(statuses);

type Test = (job: JobView, textOf: (job: JobView) => string, now: number) => boolean;

/**
 * Reads a search: every part must match. `-` before a part excludes. Days in `expires<30` count from now, and what has
 * expired is below every number.
 * @returns a test of one job
 */
export function readSearch(search: string): Test {
  const tests: Test[] = [];
  for (const part of searchParts(search)) {
    const test = jobTest(part);
    if (!test) continue;
    tests.push(part.isExcluded ? (job, textOf, now) => !test(job, textOf, now) : test);
  }
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (job, textOf, now) => tests.every((test) => test(job, textOf, now));
}

function jobTest(part: SearchPart): Test | null {
  if (part.kind === 'field') return fieldTest(part.field, foldText(part.value));
  if (part.kind === 'days') return daysTest(part);
  return textTest(part.text, part.isPhrase);
}

function fieldTest(field: string, value: string): Test | null {
  if (value === '') return null; // Still being typed.
  if (field === 'tag') return ({ tags }) => tags.some((tag) => foldText(tag) === value);
  if (field === 'issuer') return ({ lastCheck }) => foldText(lastCheck?.issuer ?? '').includes(value);
  const known =
    statusWords.find((name) => name === value) ?? statusWords.find((name) => name.startsWith(value));
  const test = known === undefined ? undefined : statuses[known];
  return test ? (job, _textOf, now) => test(job, now) : () => false;
}

function daysTest({ isBelow, days }: Extract<SearchPart, { kind: 'days' }>): Test {
  return (job, _textOf, now) => isExpiryWithin(expiryOf(job), isBelow, days, now);
}

/** Whether a time is nearer, or further, than some days from now. What never expires is neither. */
export function isExpiryWithin(expiry: number, isBelow: boolean, days: number, now: number): boolean {
  const left = expiry - now;
  if (left === Number.POSITIVE_INFINITY) return false;
  return isBelow ? left < days * dayMs : left > days * dayMs;
}

function textTest(text: string, isPhrase: boolean): Test | null {
  if (isPhrase) return (job, textOf) => textOf(job).includes(foldText(text));
  const words = searchWords(text);
  const [word] = words;
  if (word === undefined) return null;
  if (words.length === 1) return (job, textOf) => textOf(job).includes(word); // Of 10,000 hosts it costs half.
  return (job, textOf) => words.every((one) => textOf(job).includes(one));
}

/** A way to go on with what is typed: the whole search as it would be. */
export interface Completion {
  label: string;
  search: string;
}

/** The values that `tag:`, `issuer:` and `status:` complete to. */
export interface Vocabulary {
  tags: readonly string[];
  issuers: readonly string[];
  /** Default: the states of hosts. */
  statuses?: readonly string[];
}

const maxCompletions = 8;

/** Returns where the last part of a search begins: behind the last blank outside quotes. */
function lastPartOf(search: string): number {
  let start = 0;
  let isQuoted = false;
  for (const [index, character] of [...search].entries()) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character.trim() === '') start = index + 1;
  }
  return [...search].slice(0, start).join('').length;
}

/** Returns completions of the last part of a search: fields for a few letters, then their values. */
export function completions(search: string, vocabulary: Vocabulary): Completion[] {
  const { tags, issuers, statuses: states = statusWords } = vocabulary;
  const start = lastPartOf(search);
  const last = search.slice(start);
  const before = search.slice(0, start);
  const minus = last.startsWith('-') ? '-' : '';
  const typed = last.slice(minus.length).toLowerCase();
  const [, field, value = ''] = /^(tag|status|issuer):"?(.*?)"?$/.exec(typed) ?? [];
  if (field === undefined) {
    if (typed === '') return [];
    return ['tag:', 'status:', 'issuer:', 'expires<30']
      .filter((one) => one.startsWith(typed) && one !== typed)
      .map((one) => ({ label: one, search: before + minus + one }));
  }
  const values = { tag: tags, status: states, issuer: issuers }[field] ?? [];
  return values
    .filter((one) => one.toLowerCase().includes(value) && one.toLowerCase() !== value)
    .slice(0, maxCompletions)
    .map((one) => ({
      label: one,
      search: `${before}${minus}${field}:${/\s/.test(one) ? `"${one}"` : one} `,
    }));
}
