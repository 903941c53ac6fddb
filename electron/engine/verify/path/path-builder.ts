import type { ChainFault } from '../../../../shared/domain/problems/evidence.ts';
import type { ParsedCertificate } from '../certificate.ts';
import { isSignedBy } from '../signature-check.ts';
import type { TrustStore } from '../trust.ts';
import { verificationCost } from '../verifiable-key.ts';
import { type Candidates, candidatesFor, distancesToAnchors } from './candidates.ts';
import { mayIssue, type PathScope, validatePath } from './path-validation.ts';

/** Bounds of one search. What a server sends costs no more than this, whatever it is. */
export const searchBounds = {
  /** Certificates of one path, as OpenSSL has it. */
  pathLength: 100,
  /** Steps upwards in each pass. */
  nodes: 3000,
  /** Different pairs of certificate and issuer whose signatures are verified. */
  signatures: 400,
  /** What they cost together, in verifications by RSA 2048 (verificationCost): about 25 ms. */
  cost: 1200,
  /** Whole paths that are judged in each pass. */
  paths: 100,
};

/** What a search cost. */
export interface SearchSteps {
  nodes: number;
  signatures: number;
  /** In verifications by RSA 2048. */
  cost: number;
}

/** How a leaf's chain ends. Every path runs from the leaf upwards. */
export interface BuiltPath {
  kind: 'trusted' | 'self-signed' | 'untrusted' | 'incomplete' | 'bad-signature';
  path: ParsedCertificate[];
  faults: ChainFault[];
  steps: SearchSteps;
}

interface RatedPath {
  path: ParsedCertificate[];
  faults: ChainFault[];
  /** Critical faults that another path may not have; an invalid date counts as one. */
  critical: number;
  warnings: number;
  /** When its first link ends, in milliseconds since the epoch. */
  end: number;
}

/**
 * Builds the best path from a leaf to a trusted certificate out of what the server sent (RFC 4158). Any path that
 * clients accept is enough; of several the one that lasts longest is taken. The answer does not depend on the order of
 * what was sent or trusted.
 * @param now milliseconds since the epoch
 */
export function buildPath(
  leaf: ParsedCertificate,
  sent: readonly ParsedCertificate[],
  store: TrustStore,
  now: number,
  scope: PathScope,
): BuiltPath {
  const search = new PathSearch(leaf, sent, store, now, scope);
  const best = search.run();
  const steps = search.steps;
  if (best) return { kind: 'trusted', path: best.path, faults: best.faults, steps };
  const path = search.longestWithoutAnchor();
  const faults = validatePath(path, false, scope);
  return { kind: endOf(path, search), path, faults, steps };
}

function endOf(path: readonly ParsedCertificate[], search: PathSearch): BuiltPath['kind'] {
  const top = path.at(-1);
  if (!top || top.isSelfSigned) return path.length === 1 ? 'self-signed' : 'untrusted';
  if (top.isSelfIssued || search.hasNamesake(top)) return 'bad-signature';
  // Servers leave the root out, so only a leaf without any issuer beside it certainly lacks one; an intermediate's
  // unknown issuer is as a rule a root that is not trusted here.
  return path.length === 1 ? 'incomplete' : 'untrusted';
}

class PathSearch {
  readonly steps: SearchSteps = { nodes: 0, signatures: 0, cost: 0 };
  readonly #leaf: ParsedCertificate;
  readonly #candidates: Candidates;
  readonly #distances: ReadonlyMap<string, number>;
  readonly #store: TrustStore;
  readonly #now: number;
  readonly #scope: PathScope;
  readonly #signatures = new Map<string, boolean>();
  #best: RatedPath | null = null;
  #nodesLeft = 0;
  #pathsLeft = 0;

  constructor(
    leaf: ParsedCertificate,
    sent: readonly ParsedCertificate[],
    store: TrustStore,
    now: number,
    scope: PathScope,
  ) {
    this.#leaf = leaf;
    this.#store = store;
    this.#candidates = candidatesFor(sent, store, now);
    this.#distances = distancesToAnchors(sent, store);
    this.#now = now;
    this.#scope = scope;
  }

  /** First by issuers with which nothing is wrong, then by any, so that what is wrong can be reported. */
  run(): RatedPath | null {
    for (const onlySound of [true, false]) {
      this.#nodesLeft = searchBounds.nodes;
      this.#pathsLeft = searchBounds.paths;
      this.#climb([this.#leaf], onlySound);
      if (this.#best?.critical === 0) break;
    }
    return this.#best;
  }

  /** Whether a certificate of the issuer's name is there, though its key did not sign. */
  hasNamesake(top: ParsedCertificate): boolean {
    return this.#candidates(top.issuerKey).some((one) => one !== top);
  }

  /** The longest way up from the leaf where none leads to an anchor. */
  longestWithoutAnchor(): ParsedCertificate[] {
    this.#nodesLeft = searchBounds.nodes;
    let longest = [this.#leaf];
    const climb = (path: ParsedCertificate[]) => {
      if (path.length > longest.length) longest = path;
      for (const issuer of this.#issuersOf(path)) {
        if (!this.#step()) return;
        climb([...path, issuer]);
      }
    };
    climb(longest);
    return longest;
  }

  #climb(path: ParsedCertificate[], onlySound: boolean): void {
    const top = path.at(-1);
    if (!top || !this.#step()) return;
    if (this.#store.has(top)) {
      this.#rate(path);
      return;
    }
    for (const issuer of this.#issuersOf(path)) {
      if (this.#pathsLeft <= 0 || this.#nodesLeft <= 0) return;
      const longer = [...path, issuer];
      if (!this.#distances.has(issuer.subjectKey) || !this.#canImprove(longer)) continue;
      if (onlySound && !(this.#isValid(issuer) && mayIssue(longer, this.#store.has(issuer)))) continue;
      this.#climb(longer, onlySound);
    }
  }

  #step(): boolean {
    if (this.#nodesLeft <= 0) return false;
    this.#nodesLeft -= 1;
    this.steps.nodes += 1;
    return true;
  }

  /** Where a path without fault is known, only one that lasts longer is of use. */
  #canImprove(path: readonly ParsedCertificate[]): boolean {
    return (
      !this.#best || this.#best.critical > 0 || this.#best.warnings > 0 || endOfPath(path) > this.#best.end
    );
  }

  *#issuersOf(path: readonly ParsedCertificate[]): Generator<ParsedCertificate> {
    const top = path.at(-1);
    if (!top || path.length >= searchBounds.pathLength) return;
    for (const candidate of this.#candidates(top.issuerKey, top)) {
      const isNew = path.every((one) => one.fingerprint256 !== candidate.fingerprint256);
      if (isNew && this.#isSigned(top, candidate)) yield candidate;
    }
  }

  #isSigned(certificate: ParsedCertificate, signer: ParsedCertificate): boolean {
    const pair = `${certificate.fingerprint256} ${signer.fingerprint256}`;
    let answer = this.#signatures.get(pair);
    if (answer === undefined) {
      const cost = this.steps.cost + verificationCost(signer.publicKey);
      if (this.steps.signatures >= searchBounds.signatures || cost > searchBounds.cost) return false;
      this.steps.signatures += 1;
      this.steps.cost = cost;
      answer = isSignedBy(certificate, signer);
      this.#signatures.set(pair, answer);
    }
    return answer;
  }

  #isValid({ notBefore, notAfter }: ParsedCertificate): boolean {
    return notBefore <= this.#now && this.#now < notAfter + 1000;
  }

  #rate(path: ParsedCertificate[]): void {
    this.#pathsLeft -= 1;
    const faults = validatePath(path, true, this.#scope);
    const ofPath = faults.filter(
      ({ at, code }) => at > 0 || code === 'authority-key-mismatch' || code === 'invalid-policy',
    );
    const invalid = path.slice(1).filter((one) => !this.#isValid(one)).length;
    const rated: RatedPath = {
      path,
      faults,
      critical: ofPath.filter(({ severity }) => severity === 'critical').length + invalid,
      warnings: ofPath.filter(({ severity }) => severity === 'warning').length,
      end: endOfPath(path),
    };
    if (this.#best === null || isBetter(rated, this.#best)) this.#best = rated;
  }
}

const endOfPath = (path: readonly ParsedCertificate[]) => Math.min(...path.map(({ notAfter }) => notAfter));

function isBetter(one: RatedPath, other: RatedPath): boolean {
  const differences = [
    other.critical - one.critical,
    other.warnings - one.warnings,
    one.end - other.end,
    other.path.length - one.path.length,
  ];
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}
