import type { ApiExample } from './examples.ts';
import { trustExamples } from './trust-examples.ts';

export const fingerprint256 =
  '5E:1C:9A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC';

export const expiring = {
  code: 'expiring',
  severity: 'warning',
  message: 'The certificate expires in 18 days, on 12 December 2026.',
};

const reason = 'Replaced with the new load balancer, ticket OPS-412';
const acceptedAt = '2026-11-24T09:00:00.000Z';

/** Returns how a problem of a job is accepted and a certificate trusted, and how that is undone. */
export function acceptanceExamples(id: string, job: object): Record<string, ApiExample> {
  const accepted = [
    { code: 'expiring', severity: 'warning', reason, acceptedAt, until: null, fingerprint256 },
  ];
  const body = { problem: 'expiring', reason, until: 'changed' };
  return {
    ...trustExamples(id, job, fingerprint256),
    'jobs.accept': { params: { id }, body, answer: { ...job, status: 'ok', accepted } },
    'jobs.unaccept': { params: { id }, body: { problem: 'expiring' }, answer: job },
    'jobs.acceptMany': { body: { ids: [id], ...body }, answer: { jobs: 1 } },
    'jobs.unacceptMany': { body: { ids: [id], problem: 'expiring' }, answer: { jobs: 1 } },
  };
}
