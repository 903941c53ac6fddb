import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../shared/schema/connection.ts';
import type { StarttlsProtocol } from '../../shared/schema/target.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';
import { makeCa } from '../support/pki.ts';
import { findProgram, startServer } from './real-server.ts';
import { recipes } from './recipes.ts';

/** STARTTLS, and TLS from the first byte, against the real servers that this machine has: `npm run test:servers`, as root on Debian. */
const ca = makeCa('Servers Root', { key: 'rsa2048' });
const leaf = ca.issue({ sans: ['localhost'], key: 'rsa2048' });
const { fingerprint256 } = new X509Certificate(leaf.der);
const missing = recipes.filter(({ program }) => findProgram(program) === null);
if (missing.length > 0)
  process.stdout.write(`Not installed, and so not tested: ${missing.map(({ name }) => name).join(', ')}\n`);

describe('real servers', () => {
  it('finds one at least', () => expect(missing.length).toBeLessThan(recipes.length));

  it.each(recipes.filter((recipe) => !missing.includes(recipe)))('$name: $protocols', async (recipe) => {
    const program = findProgram(recipe.program);
    if (!program) throw new Error(`${recipe.name} has gone.`);
    await using server = await startServer(recipe, program, leaf, ca);
    const readings = recipe.protocols.flatMap((protocol) =>
      (['light', 'full'] as const).map((reader) => ({ protocol, reader })),
    );
    const check = async (port: number, starttls: StarttlsProtocol | null, connection: object = {}) => {
      const { result } = await new Prober().check({
        target: { host: 'localhost', port, servername: null, starttls },
        thresholds: defaultThresholds,
        caFiles: [],
        connection: connectionSchema.parse(connection),
        timeoutMs: 10_000,
      });
      return result;
    };
    for (const { protocol, reader } of readings) {
      const port = server.ports[protocol] ?? 0;
      const starttls = protocol === 'tls' ? null : protocol;
      const result = await check(port, starttls, { reader });
      expect({
        protocol,
        reader,
        unreachable: result.unreachable,
        subject: result.certificate?.subject,
      }).toEqual({
        protocol,
        reader,
        unreachable: null,
        subject: 'CN=localhost',
      });
      expect(result.certificate?.fingerprint256).toBe(fingerprint256);
      if (reader === 'full') continue;
      // The wrong way round is told by looking at the port.
      const { unreachable } = await check(port, starttls === null ? 'imap' : null);
      expect({ protocol, told: unreachable?.message }).toEqual({
        protocol,
        told: expect.stringMatching(wrongWayRound(starttls)),
      });
    }
  });
});

/** Returns what a check says that begins in the wrong way: in plain text where TLS comes first, or the other way round. */
function wrongWayRound(starttls: StarttlsProtocol | null): RegExp {
  if (starttls === null) return /^TLS comes first/;
  return new RegExp(`turn on STARTTLS for ${starttls.replace('xmpp-server', 'xmpp(-server)?')}\\.$`);
}
