import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPresentation } from '../../electron/engine/probe/tls-reader/read-presentation.ts';
import { type KeyKind, makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findProgram, freePort } from './real-server.ts';
import { servers, start } from './tls-programs.ts';

/** The light reader against web servers and libraries other than OpenSSL's own: `npm run test:servers`. */
const ca = makeCa('Reader Root');

const missing = servers.filter(({ program }) => findProgram(program) === null);
if (missing.length > 0)
  process.stdout.write(`Not installed, and so not tested: ${missing.map(({ name }) => name).join(', ')}\n`);

describe('the light reader', () => {
  it('finds one at least', () => expect(missing.length).toBeLessThan(servers.length));

  const kinds: KeyKind[] = ['p256', 'p384', 'rsa2048', 'ed25519'];
  const cases = servers
    .filter((server) => !missing.includes(server))
    .flatMap((server) =>
      (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
        kinds.map((kind) => ({ server, version, kind })),
      ),
    );
  it.each(cases)('reads $server.name in $version with $kind', async ({ server, version, kind }) => {
    using folder = temporaryFolder();
    const leaf = ca.issue({ key: kind, sans: ['localhost'] });
    const place = {
      port: await freePort(),
      cert: folder.file('cert.pem'),
      key: folder.file('key.pem'),
      file: folder.file,
    };
    writeFileSync(place.cert, leaf.pem + ca.pem);
    writeFileSync(place.key, leaf.key);
    await using running = await start(server, place, version);
    const presented = await readPresentation(
      await running.open(),
      { servername: 'localhost' },
      AbortSignal.timeout(10_000),
    );
    expect(presented).toMatchObject({ protocol: version, isKeyProven: true });
    expect(presented.chain.map((der) => der.toString('hex'))).toEqual(
      [leaf.der, ca.der].map((der) => der.toString('hex')),
    );
  });
});
