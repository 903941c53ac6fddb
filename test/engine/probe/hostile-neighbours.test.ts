import { createPrivateKey } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { flight } from '../../support/impostor-server.ts';
import { ocspResponse } from '../../support/ocsp.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { servePlain, serveTls, type TestServer } from '../../support/tls-server.ts';

const leafOf = (ca: Issued, options: object = {}) => ca.issue({ sans: ['localhost'], ...options });

/** A staple as in finding 2: two CAs that sign each other vouch for who signed it. */
function circularStaple(leaf: Issued, ca: Issued): Buffer {
  const [one, two] = [makeCa('One'), makeCa('Two')];
  const circle = [one.crossSign(two), two.crossSign(one)];
  const signer = one.issue({ name: 'Responder', sans: [], usages: ['1.3.6.1.5.5.7.3.9'] });
  return ocspResponse(leaf, ca, {
    status: 'good',
    signer,
    certificates: [...circle.map(({ der }) => der), signer.der],
  });
}

function crowdedStaple(leaf: Issued, ca: Issued): Buffer {
  const certificates = Array.from({ length: 50 }, (_, index) => makeCa(`CA ${index}`).der);
  return ocspResponse(leaf, ca, { status: 'good', certificates });
}

/** Fifty CAs of one name that all might have issued the leaf. */
function crossSigned(ca: Issued): Issued[] {
  const twins = Array.from({ length: 50 }, () => makeCa('Twin'));
  return twins.map((twin, index) => twin.crossSign(twins[(index + 1) % twins.length] ?? ca));
}

const pour = (socket: Socket, bytes: Buffer) => {
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
};

/** Every way in which a host is hostile, as in the specs beside this one. */
const behaviours: Record<string, (ca: Issued) => Promise<TestServer>> = {
  'says nothing': () => servePlain(() => undefined),
  'sends without end': () => servePlain((socket) => pour(socket, Buffer.alloc(65_536, 22))),
  'closes at once': () => servePlain((socket) => socket.destroy()),
  'speaks plain text slowly': () => servePlain((socket) => void socket.write('2')),
  'sends change_cipher_spec without end': () =>
    servePlain((socket) =>
      socket.once('data', () => pour(socket, Buffer.alloc(24_000, Buffer.from([20, 3, 3, 0, 1, 1])))),
    ),
  'shows a certificate without its key': (ca) => {
    const leaf = leafOf(ca);
    return servePlain((socket) =>
      socket.once('data', (hello: Buffer) => {
        if (hello[0] !== 22) return void socket.destroy();
        const key = createPrivateKey(leaf.key);
        const without = (message: Buffer, index: number) => (index >= 3 ? Buffer.alloc(0) : message);
        socket.write(flight('TLSv1.3', hello.subarray(5), [leaf, ca], key, without));
      }),
    );
  },
  'staples an answer of CAs that sign each other': (ca) => {
    const leaf = leafOf(ca);
    return serveTls(leaf, [ca], {}, circularStaple(leaf, ca));
  },
  'staples an answer with fifty CAs': (ca) => {
    const leaf = leafOf(ca);
    return serveTls(leaf, [ca], {}, crowdedStaple(leaf, ca));
  },
  'sends fifty CAs that sign each other': (ca) => {
    const all = crossSigned(ca);
    return serveTls((all[0] ?? ca).issue({ sans: ['localhost'] }), all.slice(0, 48));
  },
  'has 5,000 names': (ca) => {
    const names = Array.from({ length: 5_000 }, (_, index) => `n${index}.example`);
    return serveTls(leafOf(ca, { sans: ['localhost', ...names] }), [ca]);
  },
};

describe('ten jobs on a hostile host', () => {
  it.each(Object.keys(behaviours))('that %s leave the job beside them its time', async (behaviour) => {
    await using test = new TestEngine({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    await using hostile = await (behaviours[behaviour]?.(test.ca) ?? servePlain(() => undefined));
    await using honest = await serveTls(test.ca.issue({ sans: ['localhost'] }), [test.ca]);
    const { engine, clock } = test;
    engine.start();
    await engine.settings.edit({ timeoutSeconds: 1 });
    const schedule = { type: 'interval', minutes: 10 };
    const add = (target: object) => engine.jobs.add(jobInputSchema.parse({ target, schedule }));
    // Ten names that lead to the same host, as many as run at once: no rule for one name holds them back.
    for (let index = 1; index <= 10; index += 1)
      await add({ host: `hostile-${index}.test`, port: hostile.port, servername: 'localhost' });
    const good = await add({ host: 'localhost', port: honest.port });
    for (let round = 0; round < 2; round += 1) {
      const checked = test.next('check-finished', ({ id }) => id === good.id);
      clock.advance(round === 0 ? 1 : 10 * 60_000);
      expect((await checked).job).toMatchObject({ status: 'ok' });
      const last = engine.jobs.detail(good.id)?.lastCheck?.checkedAt ?? '';
      expect(clock.now() - Date.parse(last)).toBeLessThan(60_000); // by the test's own clock: it was not put off
    }
  });
});
