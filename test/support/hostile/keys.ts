import { createPrivateKey } from 'node:crypto';
import type { Socket } from 'node:net';
import { mutate, randomOf } from '../../fuzz/random.ts';
import { flight, serveImpostor } from '../impostor-server.ts';
import { type Issued, makeKey } from '../pki.ts';
import { serveTampering, type Tampering } from '../tampering-proxy.ts';
import { servePlain, serveTls, type TestServer } from '../tls-server.ts';
import type { HostileBehaviour } from './behaviour.ts';

export const versions = ['TLSv1.2', 'TLSv1.3'] as const;
export type Version = (typeof versions)[number];

/** The message that proves the key, by its number in the flight: ServerKeyExchange, CertificateVerify. */
const proof: Record<Version, number> = { 'TLSv1.2': 2, 'TLSv1.3': 3 };

/** What an impostor does when it comes to the proof. */
export const endings: Record<string, (socket: Socket) => void> = {
  'closes the connection': (socket) => void socket.end(),
  'breaks the connection off': (socket) => void socket.resetAndDestroy(),
  'says no more': () => undefined,
  'refuses the client': (socket) => void socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])),
};

/** Serves the certificates of others, and none of what its own key should sign. */
export function serveWithoutProof(
  version: Version,
  [leaf, ca]: readonly [Issued, Issued],
  ending: (socket: Socket) => void,
): Promise<TestServer> {
  return servePlain((socket) => {
    socket.once('data', (hello: Buffer) => {
      if (hello[0] !== 22) {
        socket.destroy(); // What is asked in plain text is no hello.
        return;
      }
      const key = createPrivateKey(leaf.key);
      const without = (message: Buffer, index: number) =>
        index >= proof[version] ? Buffer.alloc(0) : message;
      socket.write(flight(version, hello.subarray(5), [leaf, ca], key, without), () => ending(socket));
    });
  });
}

const leafOf = (ca: Issued) => ca.issue({ sans: ['localhost'] });

/** Serves a flight in which bytes are broken, others each time. */
function serveBroken(version: Version, ca: Issued): Promise<TestServer> {
  const leaf = leafOf(ca);
  const key = createPrivateKey(leaf.key);
  let seed = 0;
  return servePlain((socket) =>
    socket.once('data', (hello: Buffer) => {
      seed += 1;
      if (hello[0] === 22)
        socket.write(mutate(flight(version, hello.subarray(5), [leaf, ca], key), randomOf(seed)));
      else socket.destroy();
    }),
  );
}

/** Serves the first flight that it ever made, whose signature is over another client's random. */
function serveReplay(ca: Issued): Promise<TestServer> {
  const leaf = leafOf(ca);
  let recorded: Buffer | null = null;
  return servePlain((socket) =>
    socket.once('data', (hello: Buffer) => {
      if (hello[0] !== 22) return void socket.destroy();
      recorded ??= flight('TLSv1.2', hello.subarray(5), [leaf, ca], createPrivateKey(leaf.key));
      socket.write(recorded);
    }),
  );
}

async function serveTampered(tampering: Tampering, ca: Issued): Promise<TestServer> {
  const server = await serveTls(leafOf(ca), [ca], { maxVersion: 'TLSv1.2' });
  const proxy = await serveTampering(server.port, tampering);
  const close = async () => {
    await proxy.close();
    await server.close();
  };
  return Object.assign(proxy, { [Symbol.asyncDispose]: close });
}

const tamperings: readonly Tampering[] = [
  'spoil-signature',
  'end-after-certificate',
  'alert-after-certificate',
];

export const behaviours: Record<string, HostileBehaviour> = {
  ...Object.fromEntries(
    versions.flatMap((version) =>
      Object.entries(endings).map(([name, ending]): [string, HostileBehaviour] => [
        `shows a certificate of others in ${version} and ${name}`,
        (ca) => serveWithoutProof(version, [leafOf(ca), ca], ending),
      ]),
    ),
  ),
  ...Object.fromEntries(
    versions.flatMap((version): [string, HostileBehaviour][] => [
      [
        `signs by another key in ${version}`,
        (ca) => serveImpostor(version, [leafOf(ca), ca], makeKey('p256')),
      ],
      [`sends a broken flight of ${version}, another each time`, (ca) => serveBroken(version, ca)],
    ]),
  ),
  'sends a signature from another handshake': serveReplay,
  ...Object.fromEntries(
    tamperings.map((tampering): [string, HostileBehaviour] => [
      `is tampered with: ${tampering}`,
      (ca) => serveTampered(tampering, ca),
    ]),
  ),
};
