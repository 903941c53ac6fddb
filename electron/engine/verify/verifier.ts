import type { ChainFacts } from '../../../shared/domain/problems/evidence.ts';
import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import type { ServerPresentation } from '../probe/full-handshake.ts';
import { CertificateCache, describeCertificate, type ParsedCertificate } from './certificate.ts';
import { assess } from './find-problems.ts';
import { KnownIntermediates } from './known-intermediates.ts';
import { buildChain, type ChainVerdict, type TrustStore, type TrustStores } from './trust.ts';

/** By what a presented certificate is judged. */
export interface VerifyOptions {
  /** The name that the certificate must be for, as the user wrote it; null where none is asked for. */
  host: string | null;
  thresholds: Thresholds;
  /** Paths of PEM files that are trusted beside the usual roots. */
  caFiles: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  /** Asks the CA when the leaf of a verified path (DER, the leaf first) was revoked, where the user wants that. */
  askRevocation?: (path: readonly Buffer[]) => Promise<string | null>;
}

/** A judgement, and the certificates that it is about. */
export interface Judgement extends Pick<CheckResult, 'certificate' | 'chain' | 'earliestExpiry'> {
  problems: Problem[];
  /** In DER, as sent, the leaf first. */
  sent: Buffer[];
}

/** A chain as it was judged, and for how long that holds (milliseconds since the epoch). */
interface JudgedChain {
  store: TrustStore;
  sent: readonly ParsedCertificate[];
  path: readonly ParsedCertificate[];
  facts: ChainFacts;
  earliestExpiry: CheckResult['earliestExpiry'];
  from: number;
  until: number;
}

const dayMs = 86_400_000;

function sameCertificates(ones: readonly ParsedCertificate[], others: readonly ParsedCertificate[]): boolean {
  return ones.length === others.length && ones.every((one, index) => one === others[index]);
}

/** Judges what was presented, wherever it came from. Holds what judgements share, and touches no network. */
export class Verifier {
  readonly #trustStores: TrustStores;
  readonly #certificates = new CertificateCache();
  readonly #intermediates = new KnownIntermediates();
  readonly #chains = new WeakMap<ParsedCertificate, JudgedChain>();

  constructor(trustStores: TrustStores) {
    this.#trustStores = trustStores;
  }

  /**
   * Says everything that is wrong. Null where the leaf cannot be read at all.
   * @throws InputFileError where a CA file cannot be used
   */
  async verify(
    { chain, protocol, staple, keyFault }: ServerPresentation,
    standard: VerifyOptions,
  ): Promise<Judgement | null> {
    const { host, thresholds, caFiles, now } = standard;
    const [leaf] = this.#parse(chain.slice(0, 1));
    if (!leaf) return null;
    const sent = [leaf, ...this.#parse(chain.slice(1))];
    const judged = this.#verifierChain(leaf, sent, caFiles, now);
    const problems = assess({
      host,
      leaf: leaf.facts,
      chain: judged.facts,
      protocol,
      keyFault: keyFault ?? null,
      revokedAt: await this.#revokedAt(staple, judged, standard),
      thresholds,
      now,
    });
    const described = sent.map(({ facts }) => describeCertificate(facts, now));
    return {
      problems,
      certificate: described[0] ?? null,
      chain: described,
      earliestExpiry: judged.earliestExpiry,
      sent: sent.map(({ der }) => der),
    };
  }

  /** @throws InputFileError for the first that cannot be used */
  testCaFiles(caFiles: readonly string[]): void {
    for (const path of caFiles) this.#trustStores.get({ system: true, caFiles: [path] });
  }

  /** The chain of a server seldom changes between checks: what was found holds until a date in it passes. */
  #verifierChain(
    leaf: ParsedCertificate,
    sent: ParsedCertificate[],
    caFiles: readonly string[],
    now: number,
  ): JudgedChain {
    const store = this.#trustStores.get({ system: true, caFiles });
    const known = this.#chains.get(leaf);
    if (
      known &&
      known.store === store &&
      now < known.until &&
      now >= known.from &&
      sameCertificates(known.sent, sent)
    ) {
      return known;
    }
    const verdict = buildChain(leaf, sent, store, this.#intermediates, now);
    if (verdict.kind === 'trusted') {
      for (const certificate of verdict.path.slice(1, -1)) this.#intermediates.add(certificate);
    }
    const dates = [...sent, ...verdict.path].flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1]);
    const chain: JudgedChain = {
      store,
      sent,
      path: verdict.path,
      facts: this.#describeChain(verdict),
      earliestExpiry: earliestExpiry(verdict.path),
      from: now,
      until: Math.min(now + dayMs, ...dates.filter((date) => date > now)),
    };
    // What is not trusted may be so as soon as another server sends the missing link: it is looked at anew.
    if (verdict.kind === 'trusted') this.#chains.set(leaf, chain);
    return chain;
  }

  async #revokedAt(
    staple: Buffer | null,
    { path, facts }: JudgedChain,
    { now, askRevocation }: VerifyOptions,
  ): Promise<string | null> {
    const stapled = staple === null ? null : await revokedAt(staple, path, now);
    if (stapled !== null || !askRevocation || facts.kind !== 'trusted') return stapled;
    return askRevocation(path.map(({ der }) => der));
  }

  #describeChain(verdict: ChainVerdict): ChainFacts {
    const top = verdict.path.at(-1);
    return {
      kind: verdict.kind,
      path: verdict.path.map(({ facts }) => facts),
      missing: verdict.kind === 'trusted' ? verdict.missing.map(({ facts }) => facts) : [],
      isPublic: verdict.kind === 'trusted' && top !== undefined && this.#trustStores.isPublicRoot(top),
    };
  }

  #parse(chain: readonly Buffer[]): ParsedCertificate[] {
    return chain.flatMap((der) => {
      try {
        return [this.#certificates.read(der)];
      } catch {
        return []; // A certificate that cannot be read proves nothing; those that can are judged without it.
      }
    });
  }
}

/** When a stapled answer that can be proven says that the leaf was revoked. What reads it is loaded when there is one. */
async function revokedAt(
  staple: Buffer,
  path: readonly ParsedCertificate[],
  now: number,
): Promise<string | null> {
  const { readOcspAnswer } = await import('./revocation/ocsp.ts');
  const ders = path.map(({ der }) => der);
  const answer = await readOcspAnswer(staple, ders, now);
  return answer.status === 'revoked' ? answer.revokedAt : null;
}

function earliestExpiry(path: readonly ParsedCertificate[]): CheckResult['earliestExpiry'] {
  const [first] = path.toSorted((one, other) => one.notAfter - other.notAfter);
  return first ? { subject: first.facts.subject, validTo: first.facts.validTo } : null;
}
