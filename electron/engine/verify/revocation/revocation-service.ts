import { hash } from 'node:crypto';
import type { Revocation } from '../../../../shared/schema/revocation.ts';
import { ParsedCertificate } from '../certificate.ts';
import { download, httpAddresses } from './download.ts';
import { type Asked, readOcspAnswer } from './ocsp.ts';
import { ocspRequest } from './ocsp-request.ts';
import { holdsWithoutEndMs, notAsked, stronger, Unproven, unverifiable } from './revocation.ts';
import { RevocationListReader } from './revocation-list.ts';

/** No more is taken of an OCSP answer: what is longer is refused when it is read. */
const maxOcspBytes = 17 * 1024;
/** A certificate names one or two addresses of each kind. */
const maxAddresses = 4;
const maxAnswers = 5_000;

/**
 * Asks the CA whether a certificate was revoked: by OCSP (RFC 6960, appendix A), and where that proves nothing by its lists
 * (RFC 5280 §5). It tells the CA what is watched, so it is asked only where the user turned it on, and only about leaves of
 * trusted chains: no other certificate decides which addresses are contacted.
 */
export class RevocationService {
  readonly #answers = new Map<string, { answer: Revocation; until: number }>();

  /**
   * Returns what is proven. Every address is tried in turn until one gives an answer that can be verified; each has its
   * share of the time that is left, so that a silent one leaves time for the next.
   * @param path the leaf's verified path in DER, the leaf first
   * @param now milliseconds since the epoch
   * @param leftMs until the check's deadline
   * @param signal ends the asking: the answer is then `unverifiable`
   */
  async ask(path: readonly Buffer[], now: number, leftMs: number, signal: AbortSignal): Promise<Revocation> {
    const [der, by] = path;
    if (!der || !by) return notAsked('not-trusted');
    const key = hash('sha256', Buffer.concat([der, by]), 'base64');
    const known = this.#answers.get(key);
    if (known && now < known.until) return known.answer;
    const answer = await askAll(
      { leaf: new ParsedCertificate(der), issuer: new ParsedCertificate(by) },
      now,
      leftMs,
      signal,
    );
    if (answer.why === null) this.#keep(key, answer, now);
    return answer;
  }

  #keep(key: string, answer: Revocation, now: number): void {
    const until = answer.until === null ? now + holdsWithoutEndMs : Date.parse(answer.until);
    this.#answers.delete(key);
    this.#answers.set(key, { answer, until });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }
}

async function askAll(asked: Asked, now: number, leftMs: number, signal: AbortSignal): Promise<Revocation> {
  const { details } = asked.leaf;
  const responders = httpAddresses(details?.authorityInfoAccess?.ocsp.slice(0, maxAddresses));
  const points = details?.crlPoints ?? [];
  const lists = httpAddresses(points.slice(0, maxAddresses));
  const questions = [
    ...responders.map((url) => (share: AbortSignal) => askResponder(url, asked, now, share)),
    ...lists.map((url) => (share: AbortSignal) => askList(url, asked, points, now, share)),
  ];
  if (questions.length === 0) return notAsked('no-address');
  const end = performance.now() + leftMs;
  let best = unverifiable('no-answer', null);
  for (const [index, question] of questions.entries()) {
    const shareMs = Math.max(1, (end - performance.now()) / (questions.length - index));
    const answer = await question(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(shareMs))]));
    best = answer.why === null || best.source === null ? stronger(answer, best) : best;
    // A CA whose responder does not know the certificate may have it on its list all the same.
    if (best.state === 'good' || best.state === 'revoked' || signal.aborted) break;
  }
  return signal.aborted && best.why !== null ? unverifiable('timeout', best.source) : best;
}

async function askResponder(
  url: string,
  asked: Asked,
  now: number,
  signal: AbortSignal,
): Promise<Revocation> {
  const [leaf, issuer] = [asked.leaf.details, asked.issuer.details];
  if (!leaf || !issuer) return unverifiable('unreadable', 'ocsp');
  const chunks: Buffer[] = [];
  let size = 0;
  const failure = await attempt('ocsp', signal, () =>
    download({ url, body: ocspRequest(leaf, issuer), signal }, (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      return size <= maxOcspBytes;
    }),
  );
  return failure ?? readOcspAnswer(Buffer.concat(chunks), asked, now, 'ocsp');
}

async function askList(
  url: string,
  asked: Asked,
  points: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<Revocation> {
  const reader = new RevocationListReader(asked, points, now);
  const failure = await attempt('crl', signal, () =>
    download({ url, signal }, (chunk) => {
      reader.feed(chunk);
      return reader.result === null;
    }),
  );
  return failure ?? reader.end();
}

/** Null where it went well. A CA that does not answer is a fact, and no failure of the check. */
async function attempt(
  source: 'ocsp' | 'crl',
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<Revocation | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (signal.aborted) return unverifiable('timeout', source);
    if (error instanceof Unproven) return unverifiable(error.why, source);
    throw error;
  }
}
