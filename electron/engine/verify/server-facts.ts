import { type Evidence, type StapleFault, stapleFaults } from '../../../shared/domain/problems/evidence.ts';
import type { Revocation } from '../../../shared/schema/revocation.ts';
import type { Sct } from '../../../shared/schema/transparency.ts';
import type { ServerPresentation } from '../probe/presentation.ts';
import type { ParsedCertificate } from './certificate.ts';
import { readSctList } from './scts.ts';
import { readStapleFacts, type StapleFacts } from './staple-facts.ts';

/** status_request in a certificate's TLS features: must-staple (RFC 7633 §4.2.2, RFC 6066 §8). */
const statusRequest = 5;

/** Mozilla's and this program's clocks may differ: Firefox adds a day (mozpkix pkixocsp.cpp, SLOP_SECONDS). */
const slopMs = 24 * 3_600_000;

/**
 * Reads what comes beside the chain: SCTs of all three places, and the stapled OCSP response.
 * @param stapledAnswer what the staple proves
 */
export function readServerFacts(
  leaf: ParsedCertificate,
  presented: Pick<ServerPresentation, 'protocol' | 'staple' | 'sctList'>,
  stapledAnswer: Revocation,
): Pick<Evidence, 'transparency' | 'stapling'> {
  const { protocol, staple, sctList } = presented;
  const { details } = leaf;
  const stapled: StapleFacts =
    staple && details ? readStapleFacts(staple, details.serialNumber) : { endsAt: null, sctList: null };
  const listOf = (bytes: Buffer | null | undefined, source: Sct['source']) =>
    bytes ? readSctList(bytes, source) : [];
  const isHandshake = protocol !== null;
  return {
    transparency: {
      scts: [
        ...listOf(details?.sctList, 'certificate'),
        ...listOf(sctList, 'tls'),
        ...listOf(stapled.sctList, 'ocsp'),
      ],
      isComplete: isHandshake && sctList !== undefined && details !== null,
    },
    stapling: isHandshake
      ? {
          isDemanded: details?.tlsFeatures?.includes(statusRequest) ?? false,
          isStapled: staple !== null,
          endsAt: stapled.endsAt === null ? null : new Date(stapled.endsAt + slopMs).toISOString(),
          fault: stapleFault(stapledAnswer),
          hasOcspAddress: (details?.authorityInfoAccess?.ocsp.length ?? 0) > 0,
        }
      : null,
  };
}

function stapleFault({ state, why, source }: Revocation): StapleFault | null {
  if (source !== 'staple') return null;
  if (state === 'unknown') return 'unknown';
  return stapleFaults.find((fault) => fault === why) ?? null;
}
