import { expect, it } from 'vitest';
import { acceptChoices, othersWithCause } from '../../renderer/hosts/accept-choices.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2027-01-01T00:00:00Z');

/** A host with problems: each by its code, and by what it says where that is not the code. */
function host(name: string, ...problems: readonly (readonly [code: string, message?: string])[]): JobView {
  const job = jobView(name, 10, now);
  if (!job.lastCheck) throw new Error('The host has a last check.');
  const found = problems.map(([code, message = code]) => ({ code, message, severity: 'critical' as const }));
  // SAFETY: any word does for a code here.
  return { ...job, lastCheck: { ...job.lastCheck, problems: found } as JobView['lastCheck'] };
}

const all = [
  host('a', ['weak-key'], ['untrusted-issuer', 'ends at “One”']),
  host('b', ['untrusted-issuer', 'ends at “One”']),
  host('c', ['untrusted-issuer', 'ends at “Other”']),
  host('d'),
];
const named = (jobs: readonly JobView[]) => jobs.map(({ id }) => id);

it('offers what most hosts have first, and of one host the worst', () => {
  const choices = acceptChoices(all).map(({ code, jobs }) => [code, named(jobs)]);
  expect(choices).toEqual([
    ['untrusted-issuer', ['a', 'b', 'c']],
    ['weak-key', ['a']],
  ]);
  expect(acceptChoices(all.slice(0, 1)).map(({ code }) => code)).toEqual(['weak-key', 'untrusted-issuer']);
  expect(acceptChoices(all.slice(3))).toEqual([]);
});

it('finds other hosts by the same words about the same problem, and never those that are chosen', () => {
  const [choice] = acceptChoices(all.slice(1, 2));
  expect(choice && named(othersWithCause(all, choice))).toEqual(['a']);
  const [both] = acceptChoices(all.slice(0, 2));
  expect(both && named(othersWithCause(all, both))).toEqual([]);
});
