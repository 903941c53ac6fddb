import { isCounted } from '../../../shared/domain/severity.ts';
import type { FoundLeaf } from '../../../shared/schema/discovery.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { CertificateCache, type ParsedCertificate } from '../verify/certificate.ts';
import { matchHost } from '../verify/host-names.ts';
import { isDnsName } from '../verify/path/dns-names.ts';
import type { Verifier } from '../verify/verifier.ts';

/** What servers show before their own certificate is installed, by the subjects that ingress-nginx, Traefik and Plesk write. */
const placeholders = [
  /CN=Kubernetes Ingress Controller Fake Certificate/,
  /CN=TRAEFIK DEFAULT CERT/,
  /CN=Plesk(?:,|$)/,
];

const maxSans = 200;

/** Reads leaves that were found, each once while it is among the last. Their names are hostile until proven otherwise. */
export class LeafReader {
  readonly #certificates = new CertificateCache(1_000);
  readonly #verifier: Pick<Verifier, 'verify'>;
  readonly #now: () => number;

  constructor(verifier: Pick<Verifier, 'verify'>, now: () => number = Date.now) {
    this.#verifier = verifier;
    this.#now = now;
  }

  /** Returns the leaf of a chain; null where it cannot be read. */
  read(chain: readonly Buffer[]): ParsedCertificate | null {
    try {
      return chain[0] ? this.#certificates.read(chain[0]) : null;
    } catch {
      return null; // Then the find says that it cannot be read.
    }
  }

  async covers(leaf: ParsedCertificate, host: string): Promise<boolean> {
    return (await matchHost(leaf, host)) === 'covered';
  }

  /** Judges a chain whatever name it was shown for, and says what a list of finds needs of it. */
  async describe(chain: Buffer[], leaf: ParsedCertificate): Promise<FoundLeaf> {
    const { subject, issuer, sans, validTo, fingerprint256 } = leaf.facts;
    const judgement = await this.#verifier.verify(
      { chain, protocol: null, cipher: null, staple: null, isKeyProven: true },
      { host: null, scope: 'server', thresholds: defaultThresholds, caFiles: [], now: this.#now() },
    );
    const problems = (judgement?.problems ?? []).filter(isCounted).map(({ code }) => code);
    const isPlaceholder = placeholders.some((pattern) => pattern.test(subject));
    return {
      subject,
      issuer,
      sans: sans.slice(0, maxSans),
      validTo,
      fingerprint256,
      problems: [...new Set(problems)],
      isPlaceholder,
    };
  }
}

/**
 * Returns the names in a leaf that its server can be asked for, without wildcards, in their order.
 * @param most how many; a certificate may hold thousands
 */
export function namesToAsk(leaf: ParsedCertificate, most: number): string[] {
  const names = new Set<string>();
  for (const san of leaf.details?.sans ?? []) {
    if (names.size >= most) break;
    if (san.kind !== 'dns') continue;
    const name = san.value.toLowerCase();
    if (isDnsName(name) && name !== 'localhost') names.add(name);
  }
  return [...names];
}
