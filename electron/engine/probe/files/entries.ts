import { hash } from 'node:crypto';
import { shortName } from '../../../../shared/domain/distinguished-name.ts';
import { isIpv4, isIpv6, wireName } from '../../../../shared/domain/target.ts';
import { ParsedCertificate, whyUnreadable } from '../../verify/certificate.ts';
import { isSignedBy } from '../../verify/signature-check.ts';
import { FormError, type HeldCertificate } from './forms/held.ts';
import type { Container } from './read-container.ts';

/** Signatures verified to find who issued whom. */
const maxVerifications = 400;

/**
 * What a certificate is in its file. `leaf`: it is for a server, a client or a person. `ca`: a leaf of the file is verified
 * by it, and it is judged with that. `anchor`: another CA.
 */
export type EntryRole = 'leaf' | 'ca' | 'anchor';

/** One certificate of a file that is judged by itself, with those of the file that it is verified by. */
export interface FileEntry {
  /** The alias, or the place in a structured file; null where the file names it by neither. */
  label: string | null;
  alias: string | null;
  role: EntryRole;
  hasKey: boolean;
  /** In DER, its own first. */
  chain: Buffer[];
}

interface Read {
  held: HeldCertificate;
  certificate: ParsedCertificate;
}

/** Returns what of an opened file is to be judged, as `entriesOf` tells. @throws FormError where there is nothing */
export function entriesIn({ held, is }: Container): FileEntry[] {
  if (held.length === 0) throw new FormError(`is ${is ?? 'a file without certificates'}.`);
  const entries = entriesOf(held);
  if (entries.length === 0)
    throw new FormError(`holds a certificate that cannot be read: ${whyUnreadable(held[0]?.der)}.`);
  return entries;
}

/**
 * Tells what of a file is to be judged: every leaf; in a file without any, every CA. A file
 * is no server's flight: nothing in it is there only to vouch for the first.
 * @returns the entries in the order of the file; none where no certificate can be read
 */
export function entriesOf(all: readonly HeldCertificate[]): FileEntry[] {
  const read = readAll(all);
  const family = new Family(read);
  const leaves = read.filter((one) => family.roleOf(one) === 'leaf');
  const judged = leaves.length > 0 ? leaves : read.filter((one) => family.roleOf(one) === 'anchor');
  return judged.map((one) => ({
    label: labelOf(one),
    alias: one.held.alias,
    role: leaves.length > 0 ? 'leaf' : 'anchor',
    hasKey: one.held.hasKey,
    chain: one.held.chain.length > 0 ? [one.held.der, ...one.held.chain] : family.chainOf(one),
  }));
}

/** One certificate of a file that is watched by itself, with what identifies it across renewals. */
export interface WatchedEntry extends FileEntry {
  fingerprint256: string;
  /** SHA-256 of its public key; null: not known. */
  key: string | null;
  subject: string;
  issuer: string;
  /** Digest of its subject and other names, its usages and its issuer. */
  names: string;
  /** ISO 8601. */
  validFrom: string;
  validTo: string;
}

/** Returns the certificates of a file that have one of the roles, in its order; none where it holds none. */
export function watchedEntriesOf(
  all: readonly HeldCertificate[],
  roles: readonly EntryRole[],
): WatchedEntry[] {
  const read = readAll(all);
  const family = new Family(read);
  return read.flatMap((one): WatchedEntry[] => {
    const role = family.roleOf(one);
    if (!roles.includes(role)) return [];
    const { subject, issuer, sans, extendedKeyUsage, key, validFrom, validTo, fingerprint256 } =
      one.certificate.facts;
    const names = JSON.stringify([subject, issuer, sans.toSorted(), extendedKeyUsage?.toSorted() ?? null]);
    return [
      {
        label: labelOf(one),
        alias: one.held.alias,
        role,
        hasKey: one.held.hasKey,
        chain: one.held.chain.length > 0 ? [one.held.der, ...one.held.chain] : family.chainOf(one),
        fingerprint256,
        key: key.fingerprint256 ?? null,
        subject,
        issuer,
        names: hash('sha256', names, 'base64url'),
        validFrom,
        validTo,
      },
    ];
  });
}

/** Any certificate of a file, with what it is there. */
export interface MemberFacts {
  label: string | null;
  alias: string | null;
  role: EntryRole;
  hasKey: boolean;
  subject: string;
  /** ISO 8601. */
  validTo: string;
  fingerprint256: string;
}

/** Describes every certificate of a file, in its order, those that are not judged too. */
export function describeMembers(all: readonly HeldCertificate[]): MemberFacts[] {
  const read = readAll(all);
  const family = new Family(read);
  return read.map((one) => {
    const { subject, validTo, fingerprint256 } = one.certificate.facts;
    const { alias, hasKey } = one.held;
    return { label: labelOf(one), alias, role: family.roleOf(one), hasKey, subject, validTo, fingerprint256 };
  });
}

const labelOf = ({ held }: Read) => held.alias ?? held.place;

/** Reads what can be read, each certificate once in each place. */
function readAll(all: readonly HeldCertificate[]): Read[] {
  const seen = new Set<string>();
  return all.flatMap((held): Read[] => {
    const certificate = parse(held.der);
    const key = `${certificate?.fingerprint256} ${held.alias} ${held.place}`;
    if (!certificate || seen.has(key)) return [];
    seen.add(key);
    return [{ held, certificate }];
  });
}

/** Who issued whom among the certificates of a file. */
class Family {
  readonly #bySubject: ReadonlyMap<string, Read[]>;
  /** The CAs by which a leaf of the file is verified. */
  readonly #aboveLeaves: ReadonlySet<string>;
  #verificationsLeft = maxVerifications;

  constructor(read: readonly Read[]) {
    this.#bySubject = Map.groupBy(read, ({ certificate }) => certificate.subjectKey);
    const leaves = read.filter((one) => !isCa(one));
    this.#aboveLeaves = new Set(leaves.flatMap((leaf) => this.#above(leaf).slice(1).map(fingerprint)));
  }

  roleOf(one: Read): EntryRole {
    if (!isCa(one)) return 'leaf';
    if (this.#aboveLeaves.has(fingerprint(one))) return 'ca';
    // `openssl req -x509` makes the certificates of servers CAs. Names of mail addresses do not count: roots have them, too.
    const { details } = one.certificate;
    const isForHosts =
      details?.sans?.some(({ kind }) => kind === 'dns' || kind === 'ip') ?? isNamedAsHost(one);
    return isForHosts || one.held.hasKey ? 'leaf' : 'anchor';
  }

  /** The certificate in DER, and every one of the file by which it may be verified. */
  chainOf(first: Read): Buffer[] {
    return this.#above(first).map(({ held }) => held.der);
  }

  #above(first: Read): Read[] {
    const found = [first];
    const seen = new Set([fingerprint(first)]);
    for (const one of found) {
      for (const issuer of this.#issuersOf(one)) {
        if (seen.has(fingerprint(issuer))) continue;
        seen.add(fingerprint(issuer));
        found.push(issuer);
      }
    }
    return found;
  }

  #issuersOf(one: Read): Read[] {
    const named = this.#bySubject.get(one.certificate.issuerKey) ?? [];
    return named.filter((issuer) => {
      if (fingerprint(issuer) === fingerprint(one) || this.#verificationsLeft <= 0) return false;
      this.#verificationsLeft -= 1;
      return isSignedBy(one.certificate, issuer.certificate);
    });
  }
}

/**
 * Whether a self-signed certificate without any other names is a server's: its common name is a host's, and it is not made to issue. So are
 * those of `openssl x509 -req -signkey` and `openssl req -x509` without a configuration.
 */
function isNamedAsHost({ certificate }: Read): boolean {
  const { details, facts } = certificate;
  if (!certificate.isSelfIssued || (details?.keyUsage ?? null) !== null) return false;
  const name = shortName(facts.subject) ?? '';
  return isIpv4(name) || isIpv6(name) || (name.includes('.') && wireName(name.replace(/^\*\./, '')) !== null);
}

const fingerprint = ({ certificate }: Read) => certificate.fingerprint256;

/** A root of version 1, from before there were basic constraints, is one too. */
function isCa({ certificate }: Read): boolean {
  return certificate.x509.ca || (certificate.details?.version === 1 && certificate.isSelfIssued);
}

function parse(der: Buffer): ParsedCertificate | null {
  try {
    const certificate = new ParsedCertificate(der);
    return certificate.notAfter > 0 ? certificate : null;
  } catch {
    return null; // What cannot be read is left out; where nothing can, the caller says so.
  }
}
