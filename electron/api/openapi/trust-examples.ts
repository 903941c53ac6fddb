import { fingerprint256 } from './acceptance-examples.ts';
import type { ApiExample } from './examples.ts';

const caFiles = ['/home/me/.config/NotAfter/trusted/5e1c9a00.pem'];

/** Returns how a certificate that a job shows is read in full and trusted, and how that is undone. */
export function trustExamples(id: string, job: object): Record<string, ApiExample> {
  const body = { fingerprint256, scope: 'host' };
  return {
    'jobs.certificate': { params: { id, fingerprint256 } },
    'jobs.trust': { params: { id }, body, answer: { ...job, caFiles } },
    'jobs.untrust': { params: { id }, body, answer: job },
  };
}
