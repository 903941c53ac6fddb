import { expect, it } from 'vitest';
import { checkStateOf } from '../../renderer/hosts/checks-context.ts';
import { jobView } from '../support/job-view.ts';

const job = jobView('mail.example.com', 30, Date.now(), { checking: true });
const checks = { done: 2, running: 1, waiting: 3, runningIds: [job.id] };

it('says of a host whether its check runs or waits for others', () => {
  expect(checkStateOf(job, checks)).toBe('running');
  expect(checkStateOf(job, { ...checks, runningIds: [] })).toBe('waiting');
  expect(checkStateOf({ ...job, checking: false }, checks)).toBeNull();
});

it('says of one check that it runs before the numbers of the service have come', () => {
  expect(checkStateOf(job, { done: 0, running: 0, waiting: 0, runningIds: [] })).toBe('running');
});
