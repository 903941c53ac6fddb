import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate as AsnCertificate,
  CRLDistributionPoints,
  id_ce_cRLDistributionPoints,
} from '@peculiar/asn1-x509';
import { Certificate, CertificateRevocationList, OCSPRequest } from 'pkijs';
import { ParsedCertificate } from '../certificate.ts';
import { readOcspAnswer } from './ocsp.ts';

/** What is fetched is no larger than this. Public CAs' lists are a few megabytes. */
const maxOcspBytes = 100_000;
const maxCrlBytes = 20_000_000;

/** An answer is kept for this long, so that hourly checks do not ask the CA every hour. */
const answerHoldsMs = 6 * 3_600_000;
const maxAnswers = 20_000;

/**
 * Asks the CA whether a certificate was revoked: by OCSP (RFC 6960, appendix A) where the certificate names a responder,
 * else by its list (RFC 5280 §5). It tells the CA what is watched, so it is asked only where the user turned it on.
 */
export class RevocationService {
  readonly #answers = new Map<string, { revokedAt: string | null; until: number }>();

  /**
   * When the leaf was revoked, or null where it was not or nothing could be proven.
   * @param path the leaf's verified path in DER, the leaf first
   * @param now milliseconds since the epoch
   */
  async ask(path: readonly Buffer[], now: number, signal: AbortSignal): Promise<string | null> {
    const [der] = path;
    if (!der || path.length < 2) return null;
    const leaf = new ParsedCertificate(der);
    const known = this.#answers.get(leaf.fingerprint256);
    if (known && now < known.until) return known.revokedAt;
    let revokedAt = await this.#byOcsp(leaf, path, now, signal);
    if (revokedAt === undefined) revokedAt = await byList(leaf, path, now, signal);
    if (revokedAt === undefined) return null;
    if (this.#answers.size >= maxAnswers) this.#answers.clear();
    this.#answers.set(leaf.fingerprint256, { revokedAt, until: now + answerHoldsMs });
    return revokedAt;
  }

  /** Undefined where no responder gave a proven answer. */
  async #byOcsp(
    leaf: ParsedCertificate,
    path: readonly Buffer[],
    now: number,
    signal: AbortSignal,
  ): Promise<string | null | undefined> {
    const [url] = addresses(leaf.x509.infoAccess?.matchAll(/^OCSP - URI:(.*)$/gm));
    if (url === undefined) return undefined;
    try {
      const [certificate, issuerCertificate] = path.map((der) => Certificate.fromBER(toArrayBuffer(der)));
      if (!certificate || !issuerCertificate) return undefined;
      const question = new OCSPRequest();
      await question.createForCertificate(certificate, { hashAlgorithm: 'SHA-1', issuerCertificate });
      const body = question.toSchema(true).toBER();
      const response = await download(url, maxOcspBytes, {
        method: 'POST',
        headers: { 'content-type': 'application/ocsp-request' },
        body,
        signal,
      });
      const answer = await readOcspAnswer(response, path, now);
      if (answer.status === 'unproven') return undefined;
      return answer.status === 'revoked' ? answer.revokedAt : null;
    } catch {
      signal.throwIfAborted();
      return undefined; // A responder that does not answer proves nothing; the list may.
    }
  }
}

async function byList(
  leaf: ParsedCertificate,
  path: readonly Buffer[],
  now: number,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  const [url] = listAddresses(leaf.der);
  if (url === undefined) return undefined;
  try {
    const [certificate, issuerCertificate] = path.map((der) => Certificate.fromBER(toArrayBuffer(der)));
    if (!certificate || !issuerCertificate) return undefined;
    const list = CertificateRevocationList.fromBER(
      toArrayBuffer(await download(url, maxCrlBytes, { signal })),
    );
    const isCurrent =
      list.thisUpdate.value.getTime() <= now && (list.nextUpdate?.value.getTime() ?? now) >= now;
    if (!isCurrent || !(await list.verify({ issuerCertificate }))) return undefined;
    const entry = list.revokedCertificates?.find(({ userCertificate }) =>
      userCertificate.isEqual(certificate.serialNumber),
    );
    return entry ? entry.revocationDate.value.toISOString() : null;
  } catch {
    signal.throwIfAborted();
    return undefined; // As above.
  }
}

function listAddresses(der: Buffer): string[] {
  const { extensions } = AsnConvert.parse(der, AsnCertificate).tbsCertificate;
  const value = extensions?.find(({ extnID }) => extnID === id_ce_cRLDistributionPoints)?.extnValue;
  if (!value) return [];
  const points = AsnConvert.parse(value.buffer, CRLDistributionPoints);
  return points
    .flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? [])
    .flatMap(({ uniformResourceIdentifier }) => uniformResourceIdentifier ?? [])
    .filter(isHttp);
}

function addresses(matches: Iterable<RegExpMatchArray> | undefined): string[] {
  return [...(matches ?? [])].flatMap(([, url]) => (url === undefined ? [] : [url.trim()])).filter(isHttp);
}

/** CAs answer over plain HTTP: what they say is signed. LDAP and files are not fetched. */
function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

async function download(url: string, limit: number, init: RequestInit): Promise<Buffer> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) throw new Error(`${url} sends more than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toArrayBuffer(buffer: Uint8Array): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
