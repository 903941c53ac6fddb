import { statSync } from 'node:fs';
import tls from 'node:tls';
import { InputFileError, readInputFile } from '../probe/files/input-file.ts';
import { readPem } from '../probe/files/pem.ts';
import { ParsedCertificate } from './certificate.ts';

/** Bounds on the search for a path: what a server sends must not cost more than this. */
const maxPathLength = 10;
const maxSteps = 200;

/** Certificates that are believed without a signature, found by subject or fingerprint. */
export class TrustStore {
  readonly #bySubject = new Map<string, ParsedCertificate[]>();
  readonly #fingerprints = new Set<string>();

  constructor(anchors: Iterable<ParsedCertificate>) {
    for (const anchor of anchors) {
      if (this.#fingerprints.has(anchor.fingerprint256)) continue;
      this.#fingerprints.add(anchor.fingerprint256);
      const sameName = this.#bySubject.get(anchor.subjectKey);
      if (sameName) sameName.push(anchor);
      else this.#bySubject.set(anchor.subjectKey, [anchor]);
    }
  }

  has(certificate: ParsedCertificate): boolean {
    return this.#fingerprints.has(certificate.fingerprint256);
  }

  named(subjectKey: string): readonly ParsedCertificate[] {
    return this.#bySubject.get(subjectKey) ?? [];
  }
}

/** Certificates found by their subject, as node:crypto prints it. */
export interface NamedCertificates {
  named(subjectKey: string): readonly ParsedCertificate[];
}
const nothingKnown: NamedCertificates = { named: () => [] };

/** How a leaf's chain ends. Every path runs from the leaf upwards. */
export type ChainVerdict =
  | { kind: 'trusted'; path: ParsedCertificate[]; missing: ParsedCertificate[] }
  | { kind: 'self-signed'; path: ParsedCertificate[] }
  | { kind: 'untrusted'; path: ParsedCertificate[] }
  | { kind: 'incomplete'; path: ParsedCertificate[] };

/**
 * Builds the path from a leaf to a trusted certificate out of what the server sent, in whatever order
 * (RFC 5280 §6; RFC 4158 for the search). Extra, repeated and cross-signed certificates are tried in turn; a path
 * whose certificates are all valid at `now` is preferred.
 * @param known intermediates learned elsewhere: a path that needs one is trusted, with the intermediate in `missing`
 * @param now milliseconds since the epoch
 */
export function buildChain(
  leaf: ParsedCertificate,
  sent: readonly ParsedCertificate[],
  store: TrustStore,
  known: NamedCertificates,
  now: number,
): ChainVerdict {
  const search = new PathSearch(store, sent, now);
  const fromSent = search.run(leaf);
  if (fromSent) return { kind: 'trusted', path: fromSent, missing: [] };
  const { longest } = search;
  const completed = new PathSearch(store, sent, now, known).run(leaf);
  if (completed) {
    const isSent = new Set(sent.map(({ fingerprint256 }) => fingerprint256));
    const missing = completed.filter((one) => !isSent.has(one.fingerprint256) && !store.has(one));
    return { kind: 'trusted', path: completed, missing };
  }
  const top = longest.at(-1) ?? leaf;
  if (top.isSelfSigned) return { kind: longest.length === 1 ? 'self-signed' : 'untrusted', path: longest };
  // An issuer that was sent but may not issue is no missing one.
  const issuerWasSent = longest.length === 1 && sent.some((one) => one !== leaf && leaf.isSignedBy(one));
  if (issuerWasSent) return { kind: 'untrusted', path: longest };
  // Servers leave the root out, so only a leaf without any issuer beside it certainly lacks one; an intermediate's
  // unknown issuer is as a rule a root that is not trusted here.
  return { kind: longest.length === 1 ? 'incomplete' : 'untrusted', path: longest };
}

class PathSearch {
  longest: ParsedCertificate[] = [];
  readonly #store: TrustStore;
  readonly #sent: readonly ParsedCertificate[];
  readonly #known: NamedCertificates;
  readonly #now: number;
  #stepsLeft = maxSteps;
  #expired: ParsedCertificate[] | null = null;

  constructor(
    store: TrustStore,
    sent: readonly ParsedCertificate[],
    now: number,
    known: NamedCertificates = nothingKnown,
  ) {
    this.#store = store;
    this.#sent = sent;
    this.#known = known;
    this.#now = now;
  }

  /** The best trusted path, or null. */
  run(leaf: ParsedCertificate): ParsedCertificate[] | null {
    this.longest = [leaf];
    return this.#climb([leaf]) ?? this.#expired;
  }

  #climb(path: ParsedCertificate[]): ParsedCertificate[] | null {
    const top = path.at(-1);
    if (!top || this.#stepsLeft-- <= 0) return null;
    if (path.length > this.longest.length) this.longest = path;
    if (this.#store.has(top)) return this.#accept(path);
    if (path.length >= maxPathLength) return null;
    for (const issuer of this.#issuers(top, path)) {
      const found = this.#climb([...path, issuer]);
      if (found) return found;
    }
    return null;
  }

  #issuers(top: ParsedCertificate, path: ParsedCertificate[]): ParsedCertificate[] {
    const seen = new Set(path.map(({ fingerprint256 }) => fingerprint256));
    const isNew = (one: ParsedCertificate) => {
      if (seen.has(one.fingerprint256)) return false;
      seen.add(one.fingerprint256);
      return true;
    };
    const anchors = this.#store.named(top.issuerKey).filter(isNew);
    const named = [
      ...this.#sent.filter(({ subjectKey }) => subjectKey === top.issuerKey),
      ...this.#known.named(top.issuerKey),
    ];
    const sent = named.filter((one) => one.x509.ca && isNew(one));
    const valid = (one: ParsedCertificate) => Number(one.notAfter >= this.#now && one.notBefore <= this.#now);
    return [...anchors, ...sent]
      .sort((one, other) => valid(other) - valid(one))
      .filter((issuer) => this.#stepsLeft-- > 0 && top.isIssuedBy(issuer));
  }

  /** A path with an expired link is kept for the case that no other is found. The leaf's own dates do not count here. */
  #accept(path: ParsedCertificate[]): ParsedCertificate[] | null {
    const isValid = path.slice(1).every((one) => one.notBefore <= this.#now && one.notAfter >= this.#now);
    if (isValid) return path;
    this.#expired ??= path;
    return null;
  }
}

/** What kinds of roots are believed, and the CA files beside them. */
export interface TrustSetting {
  /** Whether the operating system's store counts beside Mozilla's roots that come with Node. */
  system: boolean;
  /** Paths of PEM files. */
  caFiles: readonly string[];
}

/** Trust stores, one for each setting, built when first needed and kept: parsing roots costs more than a check. */
export class TrustStores {
  readonly #stores = new Map<string, TrustStore>();
  readonly #mozillaPems: readonly string[];
  #publicRoots: Map<string, ParsedCertificate> | undefined;
  #systemRoots: ParsedCertificate[] | undefined;

  /** @param publicRoots the public CAs' roots in PEM: Mozilla's, as they come with Node */
  constructor(publicRoots: readonly string[] = tls.rootCertificates) {
    this.#mozillaPems = publicRoots;
  }

  /** @throws InputFileError where a CA file cannot be read or holds no certificate */
  get(setting: TrustSetting): TrustStore {
    const key = JSON.stringify([setting.system, setting.caFiles.map((path) => [path, modifiedAt(path)])]);
    let store = this.#stores.get(key);
    if (!store) {
      const own = setting.caFiles.flatMap(readCaFile);
      store = new TrustStore([
        ...own,
        ...this.#mozilla().values(),
        ...(setting.system ? this.#system() : []),
      ]);
      if (this.#stores.size >= maxStores) this.#stores.clear();
      this.#stores.set(key, store);
    }
    return store;
  }

  /** Whether it is one of the roots that come with Node: Mozilla's list, the public CAs. */
  isPublicRoot(certificate: ParsedCertificate): boolean {
    return this.#mozilla().has(certificate.fingerprint256);
  }

  #mozilla(): Map<string, ParsedCertificate> {
    this.#publicRoots ??= new Map(
      readable(this.#mozillaPems).map((root) => [root.fingerprint256, root] as const),
    );
    return this.#publicRoots;
  }

  #system(): ParsedCertificate[] {
    // Node has these since 22.15; where a runtime does not, Mozilla's roots stand alone.
    this.#systemRoots ??= readable(
      typeof tls.getCACertificates === 'function'
        ? [...tls.getCACertificates('system'), ...tls.getCACertificates('extra')]
        : [],
    );
    return this.#systemRoots;
  }
}

/** Settings in use at one time; each changed CA file leaves one behind. */
const maxStores = 100;

/** A CA file that was replaced is noticed within this time. */
const modifiedAtHoldsMs = 1000;
const modifiedTimes = new Map<string, { at: number; modifiedAt: number }>();

function modifiedAt(path: string): number {
  const now = performance.now();
  const known = modifiedTimes.get(path);
  if (known && now - known.at < modifiedAtHoldsMs) return known.modifiedAt;
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  modifiedTimes.set(path, { at: now, modifiedAt: modified });
  return modified;
}

function readable(pems: readonly string[]): ParsedCertificate[] {
  return pems.flatMap((pem) => {
    try {
      return [new ParsedCertificate(pem)];
    } catch {
      return []; // A store may hold a root that this runtime cannot read: it is as if it were not there.
    }
  });
}

function readCaFile(path: string): ParsedCertificate[] {
  const content = readInputFile('The CA file', 'caFiles', path);
  const pem = readPem(content.toString('latin1'));
  try {
    return (pem.length > 0 ? pem : [content]).map((der) => new ParsedCertificate(der));
  } catch {
    throw new InputFileError('caFiles', path, `The CA file ${path} holds no certificate in PEM or DER form.`);
  }
}
