import { Prober } from '../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../shared/schema/connection.ts';

/** Checks one target within whatever network it is run in, and prints the result: `node check-in-namespace.ts JSON`. */
const { addresses, port, timeoutMs, connection } = JSON.parse(process.argv[2] ?? '{}') as {
  addresses: string[];
  port: number;
  timeoutMs: number;
  connection: object;
};

const checking = new Prober({
  resolve: async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })),
}).check({
  target: { host: 'half.test', port, servername: null, starttls: null },
  thresholds: { warning: null, critical: null },
  caFiles: [],
  connection: connectionSchema.parse(connection),
  timeoutMs,
});
const { result } = await checking;
process.stdout.write(JSON.stringify(result));
