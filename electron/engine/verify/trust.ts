import tls from 'node:tls';
import type { Trust } from '../../../shared/schema/trust.ts';
import { CaFiles } from './ca-files.ts';
import { ParsedCertificate } from './certificate.ts';
import { distrustDates } from './distrust-dates.ts';

/** Certificates that are believed without a signature, found by subject or fingerprint. */
export class TrustStore {
  readonly #bySubject = new Map<string, ParsedCertificate[]>();
  readonly #fingerprints = new Set<string>();
  readonly #own: ReadonlySet<string>;
  /** Sentences about certificates of CA files that cannot be read, and are left out. */
  readonly faults: readonly string[];

  /** @param own fingerprints of the anchors that CA files name */
  constructor(
    anchors: Iterable<ParsedCertificate>,
    own: ReadonlySet<string> = new Set(),
    faults: readonly string[] = [],
  ) {
    this.#own = own;
    this.faults = faults;
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

  /** Whether a CA file names the certificate. */
  isOwn(certificate: ParsedCertificate): boolean {
    return this.#own.has(certificate.fingerprint256);
  }

  named(subjectKey: string): readonly ParsedCertificate[] {
    return this.#bySubject.get(subjectKey) ?? [];
  }
}

/** What kinds of roots are believed, and the CA files beside them. */
export interface TrustSetting {
  /** Whether the operating system's store counts beside Mozilla's roots that come with Node. */
  system: boolean;
  /** Paths of files that `load` has read. */
  caFiles: readonly string[];
}

/** Trust stores, one for each setting, built when first needed and kept: parsing roots costs more than a check. */
export class TrustStores {
  readonly #stores = new Map<string, TrustStore>();
  readonly #distrustDates: ReadonlyMap<string, string>;
  readonly #mozillaPems: readonly string[];
  readonly #files = new CaFiles();
  /** The store of a list of files that was asked for, while the files are as they were then. */
  readonly #latest = new WeakMap<
    readonly string[],
    { store: TrustStore; system: boolean; version: number }
  >();
  #publicRoots: Map<string, ParsedCertificate> | undefined;
  #systemRoots: ParsedCertificate[] | undefined;

  /**
   * @param publicRoots the public CAs' roots in PEM: Mozilla's, as they come with Node
   * @param dates after which Mozilla distrusts roots, by the SHA-256 of each
   * @param systemRoots the operating system's in PEM; read from its store where left out
   */
  constructor(
    publicRoots: readonly string[] = tls.rootCertificates,
    systemRoots?: readonly string[],
    dates: ReadonlyMap<string, string> = distrustDates,
  ) {
    this.#mozillaPems = publicRoots;
    this.#distrustDates = dates;
    if (systemRoots) this.#systemRoots = readable(systemRoots);
  }

  /**
   * Loads CA files, of which `get` makes stores, without blocking anything else.
   * @throws the signal's reason where it aborts
   */
  load(caFiles: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#files.load(caFiles, signal);
  }

  /** Whether CA files are loaded, and need not be read again now. */
  isLoaded(caFiles: readonly string[]): boolean {
    return this.#files.isCurrent(caFiles);
  }

  /** @throws InputFileError for the first CA file that was not loaded, cannot be read or holds no certificate */
  test(caFiles: readonly string[]): void {
    for (const path of caFiles) this.#files.get(path);
  }

  /** @throws InputFileError where a CA file was not loaded, cannot be read or holds no certificate */
  get(setting: TrustSetting): TrustStore {
    const { caFiles, system } = setting;
    const { version } = this.#files;
    const latest = this.#latest.get(caFiles);
    // Asked several times for each check.
    if (latest?.version === version && latest.system === system) return latest.store;
    const store = this.#find(setting);
    this.#latest.set(caFiles, { store, system, version });
    return store;
  }

  #find(setting: TrustSetting): TrustStore {
    // No path has a NUL in it.
    const key = setting.caFiles.reduce(
      (text, path) => `${text}\0${path}\0${this.#files.modifiedMs(path)}`,
      String(setting.system),
    );
    let store = this.#stores.get(key);
    if (!store) {
      const files = setting.caFiles.map((path) => this.#files.get(path));
      const own = files.flatMap(({ certificates }) => certificates);
      store = new TrustStore(
        [...own, ...this.#mozilla().values(), ...(setting.system ? this.#system() : [])],
        new Set(own.map(({ fingerprint256 }) => fingerprint256)),
        files.flatMap(({ faults }) => faults),
      );
      if (this.#stores.size >= maxStores) this.#stores.clear();
      this.#stores.set(key, store);
    }
    return store;
  }

  /** Whether it is one of the roots that come with Node: Mozilla's list, the public CAs. */
  isPublicRoot(certificate: ParsedCertificate): boolean {
    return this.#mozilla().has(certificate.fingerprint256);
  }

  /** Returns every store that trusts the certificate for itself: Mozilla's list, the system's, CA files by their paths. */
  storesOf(root: ParsedCertificate, { system, caFiles }: TrustSetting): Trust['stores'] {
    const { fingerprint256 } = root;
    const isSystems = system && this.#system().some((one) => one.fingerprint256 === fingerprint256);
    return [
      ...(this.isPublicRoot(root) ? [{ store: 'mozilla', file: null } as const] : []),
      ...(isSystems ? [{ store: 'system', file: null } as const] : []),
      ...caFiles
        .filter((path) =>
          this.#files.get(path).certificates.some((one) => one.fingerprint256 === fingerprint256),
        )
        .map((file) => ({ store: 'file', file }) as const),
    ];
  }

  /**
   * Returns the date (ISO 8601) after which Mozilla trusts no new certificate of a root; null where it names none. A root
   * that a CA file names is exempt, as one that the user added is in Firefox.
   */
  distrustedAfter(root: ParsedCertificate, setting: TrustSetting): string | null {
    const date = this.#distrustDates.get(root.fingerprint256);
    if (date === undefined || this.get(setting).isOwn(root)) return null;
    return date;
  }

  #mozilla(): Map<string, ParsedCertificate> {
    this.#publicRoots ??= new Map(
      rootsOf(this.#mozillaPems).map((root) => [root.fingerprint256, root] as const),
    );
    return this.#publicRoots;
  }

  #system(): ParsedCertificate[] {
    // Node has these since 22.15; where a runtime does not, only Mozilla's roots are used.
    this.#systemRoots ??=
      typeof tls.getCACertificates === 'function'
        ? [...rootsOf(tls.getCACertificates('system')), ...rootsOf(tls.getCACertificates('extra'))]
        : [];
    return this.#systemRoots;
  }
}

/** Settings in use at one time; each changed CA file leaves one behind. */
const maxStores = 100;

/** Roots by the list that they were read of: those of Node and the system are the same lists for the whole process. */
const rootsByList = new WeakMap<readonly string[], ParsedCertificate[]>();

function rootsOf(pems: readonly string[]): ParsedCertificate[] {
  const roots = rootsByList.get(pems) ?? readable(pems);
  rootsByList.set(pems, roots);
  return roots;
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
