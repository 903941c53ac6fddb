import { ParsedCertificate } from '../../verify/certificate.ts';
import { isSignedBy } from '../../verify/signature-check.ts';
import type { HeldCertificate } from './forms/held.ts';

/** Signatures verified to find who issued whom. */
const maxVerifications = 400;

/**
 * What a certificate is in its file. `leaf`: it is for a server, a client or a person. `ca`: it issued another one of the
 * file, and is judged with it. `anchor`: a CA that issued none.
 */
export type EntryRole = 'leaf' | 'ca' | 'anchor';

/** One certificate of a file that is judged by itself, with those of the file that it is verified by. */
export interface FileEntry {
  /** The alias, or the place in a structured file; null where the file names it by neither. */
  label: string | null;
  alias: string | null;
  role: Exclude<EntryRole, 'ca'>;
  hasKey: boolean;
  /** In DER, its own first. */
  chain: Buffer[];
}

interface Read {
  held: HeldCertificate;
  certificate: ParsedCertificate;
}

/**
 * Tells what of a file is to be judged: every leaf; in a file without any, every CA that issued none of the others. A file
 * is no server's flight: nothing in it is there only to vouch for the first.
 * @returns the entries in the order of the file; none where no certificate can be read
 */
export function entriesOf(all: readonly HeldCertificate[]): FileEntry[] {
  const seen = new Set<string>();
  const read = all.flatMap((held): Read[] => {
    const certificate = parse(held.der);
    // The same certificate twice in one place is one.
    const key = `${certificate?.fingerprint256} ${held.alias} ${held.place}`;
    if (!certificate || seen.has(key)) return [];
    seen.add(key);
    return [{ held, certificate }];
  });
  const family = new Family(read);
  const leaves = read.filter((one) => family.roleOf(one) === 'leaf');
  const judged = leaves.length > 0 ? leaves : read.filter((one) => family.roleOf(one) === 'anchor');
  return judged.map((one) => ({
    label: one.held.alias ?? one.held.place,
    alias: one.held.alias,
    role: leaves.length > 0 ? 'leaf' : 'anchor',
    hasKey: one.held.hasKey,
    chain: one.held.chain.length > 0 ? [one.held.der, ...one.held.chain] : family.chainOf(one),
  }));
}

/** Who issued whom among the certificates of a file. */
class Family {
  readonly #bySubject: ReadonlyMap<string, Read[]>;
  readonly #issuers: ReadonlySet<Read>;
  #verificationsLeft = maxVerifications;

  constructor(read: readonly Read[]) {
    this.#bySubject = Map.groupBy(read, ({ certificate }) => certificate.subjectKey);
    this.#issuers = new Set(
      read.flatMap((one) => this.#issuersOf(one).filter((issuer) => !isSame(issuer, one))),
    );
  }

  roleOf(one: Read): EntryRole {
    const { certificate, held } = one;
    const { details } = certificate;
    const isCa = certificate.x509.ca || (details?.version === 1 && certificate.isSelfIssued);
    if (!isCa) return 'leaf';
    if (this.#issuers.has(one)) return 'ca';
    // `openssl req -x509` makes the certificates of servers CAs. Names of mail addresses do not count: roots have them, too.
    const isForHosts = details?.sans?.some(({ kind }) => kind === 'dns' || kind === 'ip') ?? false;
    return isForHosts || held.hasKey ? 'leaf' : 'anchor';
  }

  /** The certificate, and every one of the file by which it may be verified. */
  chainOf(first: Read): Buffer[] {
    const found = [first];
    for (const one of found) {
      for (const issuer of this.#issuersOf(one))
        if (!found.some((other) => isSame(other, issuer))) found.push(issuer);
    }
    return found.map(({ held }) => held.der);
  }

  #issuersOf(one: Read): Read[] {
    const named = this.#bySubject.get(one.certificate.issuerKey) ?? [];
    return named.filter((issuer) => {
      if (isSame(issuer, one) || this.#verificationsLeft <= 0) return false;
      this.#verificationsLeft -= 1;
      return isSignedBy(one.certificate, issuer.certificate);
    });
  }
}

const isSame = (one: Read, other: Read) =>
  one.certificate.fingerprint256 === other.certificate.fingerprint256;

function parse(der: Buffer): ParsedCertificate | null {
  try {
    const certificate = new ParsedCertificate(der);
    return certificate.notAfter > 0 ? certificate : null;
  } catch {
    return null; // What cannot be read is left out; where nothing can, the caller says so.
  }
}
