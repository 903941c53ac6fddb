import type { JobInput } from '../../shared/schema/job.ts';
import { type Issued, makeCa } from './pki.ts';
import { serveTls, type TestServer } from './tls-server.ts';

/** Days left of the certificates that many jobs share: a few that need somebody, most that do not. */
const days = [2, 5, 12, 25, 33, 41, 48, 55, 62, 70, 77, 85, 95, 120, 150, 200, 260, 320, 365, 390];

export interface BulkEdits extends AsyncDisposable {
  root: Issued;
  jobs: JobInput[];
}

/** As many jobs as wanted, spread over a few real servers, each under a name of its own. */
export async function makeManyJobs(count: number): Promise<BulkEdits> {
  const root = makeCa('Example Corp Root');
  const servers: TestServer[] = [];
  for (const notAfterDays of days) {
    const leaf = root.issue({
      name: 'example.com',
      sans: ['*.example.com'],
      notBeforeDays: Math.min(-5, notAfterDays - 90),
      notAfterDays,
    });
    servers.push(await serveTls(leaf, [root]));
  }
  const jobs = Array.from({ length: count }, (_, index): JobInput => {
    // Few of those that need somebody, as in life.
    const place = index % 50 === 0 ? index % 4 : 4 + (index % (days.length - 4));
    return {
      name: `host-${String(index).padStart(5, '0')}.example.com`,
      tags: [['web', 'mail', 'customers', 'internal CA'][index % 4] ?? 'web'],
      target: {
        host: 'localhost',
        port: servers[place]?.port ?? 0,
        servername: `host-${index}.example.com`,
        starttls: null,
      },
    };
  });
  return {
    root,
    jobs,
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.close();
    },
  };
}
