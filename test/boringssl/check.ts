import { readFileSync, writeFileSync } from 'node:fs';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { connectionSchema } from '../../shared/schema/connection.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';

/** One server of the matrix, as it is checked on each runtime. */
export interface CaseOnWire {
  name: string;
  host: string;
  port: number;
  caFile: string;
  /** In PEM, where they count as public CAs. */
  publicRoots: string[] | null;
  distrust: [fingerprint256: string, date: string][];
}

/** Checks each case of a file with both readers on the runtime that runs it, and writes the results to another file. */
const [input = '', output = ''] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(input, 'utf8')) as CaseOnWire[];
const results: Record<string, unknown> = {};
for (const { name, host, port, caFile, publicRoots, distrust } of cases)
  for (const reader of ['light', 'full'] as const) {
    const prober = new Prober({
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      ...(publicRoots ? { trustStores: new TrustStores(publicRoots, [], new Map(distrust)) } : {}),
    });
    const { result } = await prober.check({
      target: { host, port, servername: null, starttls: null },
      thresholds: defaultThresholds,
      caFiles: publicRoots ? [] : [caFile],
      connection: connectionSchema.parse({ reader }),
      timeoutMs: 10_000,
    });
    const { checkedAt: _checkedAt, timings: _timings, ...verdict } = result;
    results[`${name} (${reader})`] = verdict;
  }
writeFileSync(output, JSON.stringify(results));
process.exit(0);
