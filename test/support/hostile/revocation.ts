import { createServer, type RequestListener } from 'node:http';
import type { Issued } from '../pki.ts';
import { der } from '../revocation-list.ts';
import { listen, serveTls, type TestServer } from '../tls-server.ts';
import { type HostileBehaviour, type HostileHost, pour } from './behaviour.ts';
import { circularStaple, crowdedStaple, nested } from './certificates.ts';

/** Serves a good certificate whose CA's responder and list are at an address that answers so. */
async function serveWithCa(
  ca: Issued,
  answer: (leaf: () => Issued) => RequestListener,
): Promise<HostileHost> {
  let leaf: Issued | undefined;
  const own = () => {
    if (!leaf) throw new Error('The leaf is issued before it is asked about.');
    return leaf;
  };
  const responder: TestServer = await listen(createServer(answer(own)));
  const url = `http://127.0.0.1:${responder.port}/`;
  leaf = ca.issue({ sans: ['localhost'], ocspUrl: url, crlUrl: `${url}list` });
  const server = await serveTls(leaf, [ca]);
  const close = async () => {
    await server.close();
    await responder.close();
  };
  return Object.assign(server, { fetchRevocation: true, [Symbol.asyncDispose]: close });
}

/** What a list begins with: its length, and the issuer that it never comes to. */
const listHead = Buffer.from('3084020000003084018000003003020101', 'hex');

const listeners: Record<string, (leaf: () => Issued, ca: Issued) => RequestListener> = {
  'says nothing': () => () => undefined,
  'leads in a circle': () => (_request, response) => response.writeHead(301, { location: '/again' }).end(),
  'leads to a file': () => (_request, response) =>
    response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
  'answers with CAs that sign each other': (leaf, ca) => (_request, response) =>
    response.end(circularStaple(leaf(), ca)),
  'answers with 200 CAs': (leaf, ca) => {
    let made: Buffer | undefined;
    return (_request, response) => {
      made ??= crowdedStaple(leaf(), ca);
      response.end(made);
    };
  },
  'answers with sequences nested 5,000 deep': () => (_request, response) => response.end(nested(5_000)),
  'answers without end': () => (_request, response) => {
    response.flushHeaders();
    if (response.socket) pour(response.socket, Buffer.from(`10000\r\n${'0'.repeat(65_536)}\r\n`));
  },
  'sends a list that never comes to its entries': () => (_request, response) => {
    response.write(listHead);
    const more = () => {
      while (response.writable && !response.destroyed && response.write(Buffer.alloc(65_536, 48)));
    };
    response.on('drain', more);
    more();
  },
  'sends a list of one entry of 30 MB': () => {
    const list = Buffer.concat([listHead, der(0x30, der(0x02, Buffer.alloc(30_000_000, 1)))]);
    return (_request, response) => response.end(list);
  },
};

export const behaviours: Record<string, HostileBehaviour> = Object.fromEntries(
  Object.entries(listeners).map(([name, listener]) => [
    `has a CA that ${name}`,
    (ca: Issued) => serveWithCa(ca, (leaf) => listener(leaf, ca)),
  ]),
);
