import { foldText, searchWords } from '../../../shared/domain/job-search.ts';
import { expiryOf, hasAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';

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

/** `tag:web`, `tag:"internal CA"`, `-status:ok`, `expires<30`, `"two words"`, `word`. */
const token = /(-?)(?:(tag|status|issuer):("[^"]*"?|\S*)|expires([<>])(\d+)d?|"([^"]*)"?|(\S+))/gi;

/**
 * Reads a search: every part must match. `-` before a part excludes. Days in `expires<30` count from now, and what has
 * expired is below every number.
 * @returns a test of one job
 */
export function readSearch(search: string): Test {
  const tests: Test[] = [];
  for (const match of search.matchAll(token)) {
    const [, minus, field, value = '', sign, days, phrase, word] = match;
    const test = field
      ? fieldTest(field.toLowerCase(), foldText(value.replaceAll('"', '')))
      : (daysTest(sign, days) ?? textTest(phrase ?? word ?? '', phrase !== undefined));
    if (!test) continue;
    tests.push(minus ? (job, textOf, now) => !test(job, textOf, now) : test);
  }
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (job, textOf, now) => tests.every((test) => test(job, textOf, now));
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

function daysTest(sign: string | undefined, days: string | undefined): Test | null {
  if (days === undefined) return null;
  const ms = Number(days) * dayMs;
  return (job, _textOf, now) => {
    const left = expiryOf(job) - now;
    if (left === Number.POSITIVE_INFINITY) return false;
    return sign === '<' ? left < ms : left > ms;
  };
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

interface Vocabulary {
  tags: readonly string[];
  issuers: readonly string[];
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
export function completions(search: string, { tags, issuers }: Vocabulary): Completion[] {
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
  const values = { tag: tags, status: statusWords, issuer: issuers }[field] ?? [];
  return values
    .filter((one) => one.toLowerCase().includes(value) && one.toLowerCase() !== value)
    .slice(0, maxCompletions)
    .map((one) => ({
      label: one,
      search: `${before}${minus}${field}:${/\s/.test(one) ? `"${one}"` : one} `,
    }));
}
