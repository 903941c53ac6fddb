import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { ExportSource } from './writers.ts';

/** RFC 7468 §5. */
export function encodePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** After so many jobs others are let to work. */
const jobsAtOnce = 100;

/**
 * The certificates that were seen last, each once, after a line that says of which job (RFC 7468 §2: text before a
 * certificate explains it).
 * @param tag only of jobs that carry it
 */
export async function writeBundle(
  engine: Pick<ExportSource, 'jobs' | 'results'>,
  tag: string | undefined,
): Promise<string> {
  const seen = new Set<string>();
  const parts: string[] = [];
  const jobs = [...engine.jobs.all()].filter(({ tags }) => tag === undefined || tags.includes(tag));
  for (const [index, job] of jobs.entries()) {
    if (index % jobsAtOnce === jobsAtOnce - 1) await setImmediate();
    for (const der of engine.results.lastChain(job.id) ?? []) {
      const fingerprint = createHash('sha256').update(der).digest('base64');
      if (seen.has(fingerprint)) continue;
      seen.add(fingerprint);
      parts.push(`# ${jobName(job).replace(/\s+/g, ' ').replace(/-----/g, '')}\n${encodePem(der)}`);
    }
  }
  return parts.join('');
}
