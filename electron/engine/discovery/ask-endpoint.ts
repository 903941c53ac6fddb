import { usualPorts } from '../../../shared/domain/discovery/ports.ts';
import { isTlsPort } from '../../../shared/domain/tls-services.ts';
import type { Found } from '../../../shared/schema/discovery.ts';
import { printable } from '../printable.ts';
import type { LeafReader } from './leaf-reader.ts';
import type { LearnedNames } from './learned-names.ts';
import { type LeafGroup, NameRounds } from './name-rounds.ts';
import type { Answer } from './read-endpoint.ts';
import type { SearchEndpoint } from './shuffled-pairs.ts';
import { suggestTarget } from './suggest-target.ts';

/** What an endpoint is asked with. */
export interface Questions {
  /** Asks once; null: without a name. */
  ask: (name: string | null) => Promise<Answer>;
  leaves: LeafReader;
  learned: LearnedNames;
  /** Names of the search that resolve to the address. */
  resolved: readonly string[];
  /** Names that the search asks for everywhere. */
  names: readonly string[];
  /** Names of the search that resolve to other addresses: asked for here where a certificate shown here covers them. */
  others: readonly string[];
  isExcluded: (name: string) => boolean;
  /** Returns the names that DNS has for the address; none where they are not wanted. */
  reverse: () => Promise<readonly string[]>;
  /** How many learned names are asked for. */
  mostLearned: number;
}

/** What was found behind an open port. */
export interface EndpointReport {
  isUp: boolean;
  isOpen: boolean;
  isTls: boolean;
  /** Nothing came back at all. */
  isSilent: boolean;
  /** This machine could not try it: it had no route, or not the means. */
  isUntried: boolean;
  finds: Found[];
}

/**
 * Finds out what an address and port presents: first without a name, then under the names that are known for the address, then under
 * those that the certificates shown there taught. Each leaf is a separate find; a name counts where the leaf covers it, or is another than
 * the one shown without a name.
 */
export async function askEndpoint(endpoint: SearchEndpoint, questions: Questions): Promise<EndpointReport> {
  const first = await questions.ask(null);
  const report: EndpointReport = {
    ...{ isUp: true, isOpen: true, isTls: true, isSilent: false, isUntried: false },
    finds: [],
  };
  switch (first.kind) {
    case 'no-answer':
    case 'no-route': {
      const isUntried = first.kind === 'no-route';
      return { ...report, isUp: false, isOpen: false, isTls: false, isSilent: true, isUntried };
    }
    case 'closed':
      return { ...report, isOpen: false, isTls: false };
    case 'not-tls':
      return { ...report, isTls: false };
    default:
      break;
  }
  const rounds = new NameRounds(endpoint.address, questions);
  await rounds.run(first);
  const finds = await describe(endpoint, rounds.groups, questions);
  if (finds.length > 0) return { ...report, finds };
  if (first.kind === 'unreadable' || first.kind === 'shown') {
    const note = first.kind === 'shown' ? 'Its certificate cannot be read.' : first.sentence;
    return { ...report, finds: [withoutLeaf(endpoint, 'new', note)] };
  }
  // Services without TLS hang up on a hello as well: the port tells what is more likely.
  const isTls = first.kind === 'refuses-name' || isUsuallyTls(endpoint);
  if (!isTls) return { ...report, isTls: false };
  const note =
    first.kind === 'refuses-name'
      ? 'It speaks TLS, but presents a certificate only for a name that it is configured for.'
      : 'It hangs up on a ClientHello without a name. If it speaks TLS, it presents a certificate only for a name that it is configured for.';
  return { ...report, finds: [withoutLeaf(endpoint, 'needs-name', note)] };
}

function isUsuallyTls({ port, starttls }: SearchEndpoint): boolean {
  return starttls === null && (isTlsPort(port) || usualPorts.includes(port));
}

async function describe(
  endpoint: SearchEndpoint,
  groups: ReadonlyMap<string, LeafGroup>,
  { leaves, resolved }: Questions,
): Promise<Found[]> {
  const finds: Found[] = [];
  for (const { chain, leaf, names } of groups.values()) {
    const described = await leaves.describe(chain, leaf);
    const covered: string[] = [];
    for (const name of names) if (await leaves.covers(leaf, name)) covered.push(name);
    const uncovered = names.filter((name) => !covered.includes(name));
    const coversAddress = await leaves.covers(leaf, endpoint.address);
    finds.push({
      address: endpoint.address,
      port: endpoint.port,
      starttls: endpoint.starttls,
      names,
      suggested: described.isPlaceholder ? null : suggestTarget(endpoint, covered, resolved, coversAddress),
      leaf: described,
      state: 'new',
      note: noteOn(described.isPlaceholder, uncovered),
    });
  }
  return finds;
}

function noteOn(isPlaceholder: boolean, uncovered: readonly string[]): string | null {
  if (isPlaceholder) return 'This is a default certificate: the server does not have its own yet.';
  if (uncovered.length === 0) return null;
  return `The server shows this certificate for ${uncovered[0]}, which it does not cover.`;
}

/** The find for an endpoint whose reading failed by a fault of NotAfter: one hostile certificate must not end a search. */
export function faultAt(endpoint: SearchEndpoint, error: unknown): Found {
  const words = printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 200);
  return withoutLeaf(endpoint, 'new', `It could not be read because of an error in NotAfter: ${words}.`);
}

function withoutLeaf(
  { address, port, starttls }: SearchEndpoint,
  state: Found['state'],
  note: string,
): Found {
  return {
    address,
    port,
    starttls,
    names: [],
    suggested: null,
    leaf: null,
    state,
    note,
  };
}
