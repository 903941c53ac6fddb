import { createHash } from 'node:crypto';

/** PagerDuty takes 255 characters, JSM 512; a condition may name a distinguished name. */
const maxKey = 255;

/**
 * Returns the key by which incident tools know an alert: the same while it grows worse or better, and when it comes back. It names neither
 * title nor severity.
 */
export function alertKey(installation: string, jobId: string, condition: string): string {
  const key = `notafter:${installation}:${jobId}:${condition}`;
  if (key.length <= maxKey && /^[\x21-\x7e]+$/.test(key)) return key;
  const digest = createHash('sha256').update(condition).digest('hex').slice(0, 40);
  return `notafter:${installation}:${jobId}:${digest}`;
}
