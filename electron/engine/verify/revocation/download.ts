import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request } from 'node:http';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import {
  destinationsOf,
  freeNetworks,
  isOfNetworks,
  networkList,
  neverNetworks,
} from '../../addresses/special-networks.ts';
import { sharedLookup } from '../../probe/name-lookups.ts';
import { Unproven } from './revocation.ts';

const maxRedirects = 5;

/** Addresses that only this machine or its own network answers to, and those that name no host. */
const ownNetwork = networkList([...freeNetworks, ...neverNetworks]);

const isOwn = (address: string) => destinationsOf(address).some((one) => isOfNetworks(ownNetwork, one));

export interface Question {
  url: string;
  /** Posted where there is one. */
  body?: Buffer;
  signal: AbortSignal;
}

/** Returns the addresses that are asked: plain HTTP alone, since what a CA says is signed, and HTTPS would go round in circles (RFC 5280 §8). */
export function httpAddresses(urls: readonly string[] | undefined): string[] {
  return (urls ?? []).filter((url) => URL.canParse(url) && new URL(url).protocol === 'http:');
}

/**
 * Passes what an address answers on, piece by piece, until the receiver has enough. Redirects are followed up to five times.
 * A server outside never leads to one within the own network: it would have this machine ask what it cannot reach itself.
 * @param receive returns whether it wants more
 * @throws Unproven `no-answer`; the signal's reason where it aborts
 */
export async function download(
  { url, body, signal }: Question,
  receive: (chunk: Buffer) => boolean,
): Promise<void> {
  let at = url;
  let mayBeOwn = true;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await ask(new URL(at), body, mayBeOwn, signal);
    const { statusCode = 0, headers } = response;
    mayBeOwn &&= isOwn(response.socket.remoteAddress ?? '');
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      const next = URL.canParse(headers.location, at) ? new URL(headers.location, at).href : '';
      const [allowed] = httpAddresses([next]);
      if (allowed === undefined) throw new Unproven('no-answer');
      at = allowed;
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new Unproven('no-answer');
    }
    await receiveAll(response, receive, signal);
    return;
  }
  throw new Unproven('no-answer');
}

async function receiveAll(
  response: IncomingMessage,
  receive: (chunk: Buffer) => boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    // SAFETY: a response without an encoding yields buffers.
    for await (const chunk of response as AsyncIterable<Buffer>) if (!receive(chunk)) break;
  } catch {
    signal.throwIfAborted();
    throw new Unproven('no-answer');
  } finally {
    response.destroy();
  }
}

function ask(
  url: URL,
  body: Buffer | undefined,
  mayBeOwn: boolean,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const refuse = () => reject(new Unproven('no-answer'));
  if (!mayBeOwn && isIP(host) !== 0 && isOwn(host)) {
    refuse();
    return promise;
  }
  const asking = request(url, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'content-type': 'application/ocsp-request', 'content-length': body.length } : {},
    agent: false,
    signal,
    lookup: mayBeOwn ? sharedLookup : lookupOutside,
  });
  // What is gone on with is one socket of this check: it ends with the request.
  asking.once('socket', (socket: Socket) => socket.on('error', () => undefined));
  asking.once('response', resolve);
  asking.once('error', () => reject(signal.aborted ? signal.reason : new Unproven('no-answer')));
  asking.end(body);
  return promise;
}

const lookupOutside: LookupFunction = (hostname, options, callback) => {
  sharedLookup(hostname, { ...options, all: true }, (error, found) => {
    // SAFETY: with `all` the answer is a list.
    const outside = ((found ?? []) as LookupAddress[]).filter(({ address }) => !isOwn(address));
    const [first] = outside;
    const failure = error ?? (first ? null : new Error('The name leads into the own network.'));
    if (options.all) callback(failure, outside);
    else callback(failure, first?.address ?? '', first?.family ?? 4);
  });
};
