import { setImmediate } from 'node:timers/promises';
import type { ChainFacts, ChainFault } from '../../../shared/domain/problems/evidence.ts';
import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';
import type { Revocation } from '../../../shared/schema/revocation.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import type { ServerPresentation } from '../probe/presentation.ts';
import { CertificateCache, type ParsedCertificate } from './certificate.ts';
import { describeCertificate } from './describe-certificate.ts';
import { assess } from './find-problems.ts';
import { matchHost } from './host-names.ts';
import { newerSeen, type SeenLeaf } from './newer-seen.ts';
import { keyExchangeFault } from './path/key-exchange.ts';
import { type BuiltPath, buildPath, type SearchSteps } from './path/path-builder.ts';
import type { PathScope } from './path/path-validation.ts';
import { earliestExpiry, firstExpiry } from './path-ends.ts';
import { notAsked, stronger, unverifiable } from './revocation/revocation.ts';
import { UncheckedSince } from './revocation/unchecked.ts';
import { readServerFacts } from './server-facts.ts';
import type { TrustStore, TrustStores } from './trust.ts';
import { verificationCost } from './verifiable-key.ts';

/** By what a presented certificate is judged. */
export interface VerifyOptions {
  /** The name that the certificate must be for, as the user wrote it; null where none is asked for. */
  host: string | null;
  /**
   * What is judged beside dates and content: a server's name, usage and trust; trust alone; or nothing more, as of a
   * certificate in a file. By default `server` where a host is given, else `file`.
   */
  scope?: PathScope;
  thresholds: Thresholds;
  /** Paths of PEM files that are trusted in addition to the usual roots. */
  caFiles: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  /** Leaves that were seen in this place before. */
  seenBefore?: readonly SeenLeaf[];
  /** Asks the CA whether the leaf of a verified path (DER, the leaf first) was revoked, where the user wants that. */
  askRevocation?: (path: readonly Buffer[]) => Promise<Revocation>;
}

/** A judgement, and the certificates that it is about. */
export interface Judgement
  extends Pick<
    CheckResult,
    'certificate' | 'chain' | 'earliestExpiry' | 'revocation' | 'trust' | 'transparency'
  > {
  problems: Problem[];
  /** In DER, as sent, the leaf first. */
  sent: Buffer[];
  /** What the search for a path cost when it was last made. */
  steps: SearchSteps;
}

/** A chain as it was judged, and for how long that holds (milliseconds since the epoch). */
interface JudgedChain {
  store: TrustStore;
  sent: readonly ParsedCertificate[];
  path: readonly ParsedCertificate[];
  facts: ChainFacts;
  earliestExpiry: CheckResult['earliestExpiry'];
  trust: CheckResult['trust'];
  scope: PathScope;
  steps: SearchSteps;
  from: number;
  until: number;
}

const dayMs = 86_400_000;

/** What reading one certificate costs, in verifications by RSA 2048, and what is done in one turn of the event loop. */
const factsCost = 10;
const costOfTurn = 600;

function sameCertificates(ones: readonly ParsedCertificate[], others: readonly ParsedCertificate[]): boolean {
  return ones.length === others.length && ones.every((one, index) => one === others[index]);
}

/** Judges what was presented, wherever it came from. Holds what judgements share, and touches no network. */
export class Verifier {
  readonly #trustStores: TrustStores;
  readonly #unchecked = new UncheckedSince();
  readonly #certificates = new CertificateCache();
  readonly #chains = new WeakMap<ParsedCertificate, JudgedChain>();

  constructor(trustStores: TrustStores) {
    this.#trustStores = trustStores;
  }

  /**
   * Says everything that is wrong. Null where the leaf cannot be read at all.
   * @throws InputFileError where a CA file cannot be used
   */
  async verify(presented: ServerPresentation, standard: VerifyOptions): Promise<Judgement | null> {
    const { chain, protocol, cipher, staple, keyFault, refusesBrowsers } = presented;
    const { host, thresholds, caFiles, scope = host === null ? 'file' : 'server' } = standard;
    // Dates count to the second (RFC 5280 §4.1.2.5): notAfter's own second is valid to its end.
    const now = Math.floor(standard.now / 1000) * 1000;
    const [leaf] = this.#parse(chain.slice(0, 1));
    if (!leaf) return null;
    const sent = [leaf, ...this.#parse(chain.slice(1))];
    await readFacts(sent);
    const judged = this.#verifierChain(leaf, sent, caFiles, scope, now);
    const stapled = staple === null ? notAsked('off') : await readStaple(staple, judged.path, standard.now);
    const revocation = await this.#revocation(stapled, judged, standard);
    const server = readServerFacts(leaf, presented, stapled);
    const problems = assess({
      host,
      nameMatch: host === null ? 'covered' : await matchHost(leaf, host),
      judgesTrust: scope !== 'file',
      leaf: leaf.facts,
      chain:
        scope === 'server'
          ? withKeyExchange(judged.facts, keyExchangeFault(leaf, protocol, cipher))
          : judged.facts,
      ...server,
      protocol,
      keyFault: keyFault ?? null,
      refusedSuite: refusesBrowsers === true ? cipher : null,
      revokedAt: revocation.revokedAt,
      uncheckedSince: standard.askRevocation
        ? this.#unchecked.note(leaf.fingerprint256, revocation, now)
        : null,
      newerSeen: newerSeen(leaf, standard.seenBefore ?? [], now),
      thresholds,
      now,
    });
    const described = sent.map(({ facts }) => describeCertificate(facts, standard.now));
    return {
      problems,
      certificate: described[0] ?? null,
      chain: described,
      earliestExpiry: judged.earliestExpiry,
      revocation,
      trust: judged.trust,
      transparency: server.transparency,
      sent: sent.map(({ der }) => der),
      steps: judged.steps,
    };
  }

  /** Whether CA files were read, and need not be read again now. */
  hasCaFiles(caFiles: readonly string[]): boolean {
    return this.#trustStores.isLoaded(caFiles);
  }

  /** Reads CA files ahead, without holding anything else up. @throws the signal's reason where it aborts */
  loadCaFiles(caFiles: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#trustStores.load(caFiles, signal);
  }

  /** @throws InputFileError for the first that cannot be used */
  testCaFiles(caFiles: readonly string[]): void {
    this.#trustStores.test(caFiles);
  }

  /** Returns a sentence for each certificate of the CA files that cannot be read, and is left out. @throws as `testCaFiles` */
  faultsOfCaFiles(caFiles: readonly string[]): readonly string[] {
    return caFiles.length === 0 ? [] : this.#trustStores.get({ system: true, caFiles }).faults;
  }

  /** The chain of a server seldom changes between checks: what was found holds until a date in it passes. */
  #verifierChain(
    leaf: ParsedCertificate,
    sent: ParsedCertificate[],
    caFiles: readonly string[],
    scope: PathScope,
    now: number,
  ): JudgedChain {
    const store = this.#trustStores.get({ system: true, caFiles });
    const known = this.#chains.get(leaf);
    if (
      known &&
      known.store === store &&
      known.scope === scope &&
      now < known.until &&
      now >= known.from &&
      sameCertificates(known.sent, sent)
    ) {
      return known;
    }
    const built = buildPath(leaf, sent, store, now, scope);
    const dates = [...sent, ...built.path].flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1000]);
    const chain: JudgedChain = {
      store,
      sent,
      path: built.path,
      facts: this.#describeChain(built, caFiles),
      earliestExpiry: earliestExpiry(built),
      trust: this.#describeTrust(built, sent, caFiles),
      scope,
      steps: built.steps,
      from: now,
      until: Math.min(now + dayMs, ...dates.filter((date) => date > now)),
    };
    this.#chains.set(leaf, chain);
    return chain;
  }

  /** What the staple and, where that is wanted, the CA say. Of both what says more; the CA is asked about trusted chains. */
  async #revocation(
    stapled: Revocation,
    { path, facts }: JudgedChain,
    { askRevocation }: VerifyOptions,
  ): Promise<Revocation> {
    if (!askRevocation || stapled.state === 'revoked') return stapled;
    const asked =
      facts.kind === 'trusted' ? await askRevocation(path.map(({ der }) => der)) : notAsked('not-trusted');
    return stronger(asked, stapled);
  }

  /** Says which stores trust the end of a path, and how it gets there; null where none does. */
  #describeTrust(
    { kind, path }: BuiltPath,
    sent: readonly ParsedCertificate[],
    caFiles: readonly string[],
  ): CheckResult['trust'] {
    const root = path.at(-1);
    if (kind !== 'trusted' || !root) return null;
    const isSent = new Set(sent.map(({ fingerprint256 }) => fingerprint256));
    return {
      root: root.facts.subject,
      stores: this.#trustStores.storesOf(root, { system: true, caFiles }),
      path: path.map(({ fingerprint256, facts: { subject, validTo } }) => ({
        subject,
        fingerprint256,
        validTo,
        isSent: isSent.has(fingerprint256),
      })),
    };
  }

  #describeChain({ kind, path, faults }: BuiltPath, caFiles: readonly string[]): ChainFacts {
    const top = kind === 'trusted' ? path.at(-1) : undefined;
    return {
      kind,
      path: path.map(({ facts }) => facts),
      firstExpiry: firstExpiry(kind, path),
      faults,
      isPublic: top !== undefined && this.#trustStores.isPublicRoot(top),
      distrustedAfter: top ? this.#trustStores.distrustedAfter(top, { system: true, caFiles }) : null,
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

/**
 * Reads the facts of certificates with a pause for others now and then: each that is issued to itself costs a signature,
 * and a server chooses how many it sends and by which keys.
 */
async function readFacts(sent: readonly ParsedCertificate[]): Promise<void> {
  let cost = 0;
  for (const one of sent) {
    cost += factsCost + (one.isSelfIssued ? verificationCost(one.publicKey) : 0);
    if (cost > costOfTurn) {
      await setImmediate();
      cost = 0;
    }
    void one.facts;
  }
}

/** What a stapled answer proves of the leaf. What reads it is loaded when there is one. */
async function readStaple(
  staple: Buffer,
  [leaf, issuer]: readonly ParsedCertificate[],
  now: number,
): Promise<Revocation> {
  if (!leaf || !issuer) return unverifiable('not-trusted', 'staple');
  const { readOcspAnswer } = await import('./revocation/ocsp.ts');
  return readOcspAnswer(staple, { leaf, issuer }, now);
}

/** Once is enough where the key usage allows nothing that servers need. */
function withKeyExchange(chain: ChainFacts, fault: ChainFault | null): ChainFacts {
  if (fault === null || chain.faults.some(({ code }) => code === fault.code)) return chain;
  return { ...chain, faults: [...chain.faults, fault] };
}
