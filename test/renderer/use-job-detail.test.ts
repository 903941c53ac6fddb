import { describe, expect, it } from 'vitest';
import { resultKey } from '../../renderer/host-detail/use-job-detail.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';

const dayMs = 86_400_000;

describe('resultKey', () => {
  it('changes where a threshold is crossed between two checks, and not by a check that is queued', async () => {
    const now = Date.parse('2026-11-25T10:00:00Z');
    await using test = new TestEngine({ now });
    await using server = await serveTls(test.ca.issue({ now, notBeforeDays: -90, notAfterDays: 40.5 }), [
      test.ca,
    ]);
    test.engine.start();
    const checked = test.next('check-finished');
    await test.engine.jobs.add(
      jobInputSchema.parse({
        target: { host: 'localhost', port: server.port },
        schedule: { type: 'cron', pattern: '0 0 1 11 *', timezone: 'UTC' },
      }),
    );
    test.clock.advance(0);
    const { job: before } = await checked;
    const crossed = test.next('job-changed');
    test.clock.advance(11 * dayMs);
    const { job: after } = await crossed;
    expect(after.lastCheck?.checkedAt).toBe(before.lastCheck?.checkedAt);
    expect(after.status).toBe('warning');
    expect(resultKey(after)).not.toBe(resultKey(before));
    expect(resultKey({ ...after, lastCheck: structuredClone(after.lastCheck) })).toBe(resultKey(after));
    expect(resultKey({ ...after, status: 'pending', lastCheck: null })).toBeNull();
  });
});
