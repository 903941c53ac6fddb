import { hostileBehaviours } from '../support/hostile/table.ts';
import { makeCa } from '../support/pki.ts';

/** A process that is each hostile server in turn, so that what it costs to be one is not counted: see blocks.ts. */
const ca = makeCa('Hostile Root');
let server: AsyncDisposable | undefined;

process.on('message', async (name: string) => {
  await server?.[Symbol.asyncDispose]();
  const host = await hostileBehaviours[name]?.(ca);
  server = host;
  if (!host) throw new Error(`There is no behaviour ${name}.`);
  const { port, starttls = null, connection = null, fetchRevocation = false } = host;
  process.send?.({ port, starttls, connection, fetchRevocation });
});
process.on('disconnect', () => process.exit());
process.send?.({ ca: ca.pem, names: Object.keys(hostileBehaviours) });
