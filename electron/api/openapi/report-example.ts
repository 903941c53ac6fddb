import type { ApiExample } from './examples.ts';

/** Returns the example of a report, about one job. */
export function reportExample(id: string): ApiExample {
  return {
    query: { days: 90, tag: 'shop', format: 'json' },
    answer: {
      createdAt: '2026-11-26T08:00:00.000Z',
      days: 90,
      tag: 'shop',
      watched: 12,
      paused: 0,
      pending: 0,
      lastCheckedAt: '2026-11-26T06:00:00.000Z',
      sections: [
        {
          section: 'within-30-days',
          title: 'Expire within 30 days',
          rows: [
            {
              jobId: id,
              name: 'Shop',
              address: 'www.example.com:443',
              status: 'warning',
              expiresAt: '2026-12-12T08:00:00.000Z',
              daysLeft: 16,
              issuer: 'Example CA',
              tags: ['shop', 'owner:web'],
              owner: 'web',
              note: null,
            },
          ],
        },
      ],
    },
  };
}
