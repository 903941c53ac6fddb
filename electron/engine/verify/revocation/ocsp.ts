import { BasicOCSPResponse, CertID, Certificate, id_PKIX_OCSP_Basic, OCSPResponse } from 'pkijs';

/** What an OCSP answer (RFC 6960) proves of a certificate. */
export type OcspAnswer =
  | { status: 'good' }
  | { status: 'revoked'; revokedAt: string }
  /** It proves nothing: not for this certificate, not signed by who may sign, out of date, or unreadable. */
  | { status: 'unproven'; reason: string };

/** Clocks differ a little: an answer may be this much younger than now. */
const skewMs = 5 * 60_000;

/** RFC 6960 §4.2.1: CertStatus is a choice, told apart by its tag. */
const revokedTag = 1;

/**
 * Reads a stapled OCSP response: its signature, its signer's right to sign (RFC 6960 §4.2.2.2), and its dates. pkijs
 * does the first two; what it cannot verify proves nothing.
 * @param path the leaf's verified path in DER, the leaf first; without an issuer nothing can be proven
 * @param now milliseconds since the epoch
 */
export async function readOcspAnswer(
  response: Buffer,
  path: readonly Buffer[],
  now: number,
): Promise<OcspAnswer> {
  try {
    const basic = readBasicResponse(response);
    if (!basic) return unproven('The responder gives no answer.');
    const [leaf, ...issuers] = path.map((der) => Certificate.fromBER(toArrayBuffer(der)));
    const [issuer] = issuers;
    const anchor = issuers.at(-1);
    if (!leaf || !issuer || !anchor) return unproven('The issuer is not known.');
    // The issuer itself may always sign; pkijs would ask for its chain anew, which was verified before.
    const trust = { trustedCerts: [anchor], issuerCerts: issuers, trustedResponders: [issuer] };
    if (!(await basic.verify(trust))) return unproven('The answer’s signature is wrong.');
    return await readStatus(basic, leaf, issuer, now);
  } catch (error) {
    return unproven(error instanceof Error ? error.message : String(error));
  }
}

function unproven(reason: string): OcspAnswer {
  return { status: 'unproven', reason };
}

function readBasicResponse(der: Buffer): BasicOCSPResponse | null {
  const { responseStatus, responseBytes } = OCSPResponse.fromBER(toArrayBuffer(der));
  const isSuccessful = responseStatus.valueBlock.valueDec === 0;
  if (!isSuccessful || responseBytes?.responseType !== id_PKIX_OCSP_Basic) return null;
  return BasicOCSPResponse.fromBER(toArrayBuffer(responseBytes.response.valueBlock.valueHexView));
}

async function readStatus(
  basic: BasicOCSPResponse,
  leaf: Certificate,
  issuer: Certificate,
  now: number,
): Promise<OcspAnswer> {
  for (const single of basic.tbsResponseData.responses) {
    const wanted = single.certID;
    const hashAlgorithm = hashName(wanted.hashAlgorithm.algorithmId);
    const own = await CertID.create(leaf, { hashAlgorithm, issuerCertificate: issuer });
    if (!own.isEqual(wanted)) continue;
    const { thisUpdate, nextUpdate } = single;
    if (thisUpdate.getTime() > now + skewMs) return unproven('The answer is of a time still to come.');
    if (nextUpdate && nextUpdate.getTime() < now - skewMs) return unproven('The answer is out of date.');
    return readCertStatus(single.certStatus);
  }
  return unproven('The answer is not about this certificate.');
}

function hashName(oid: string): string {
  const names: Record<string, string> = {
    '1.3.14.3.2.26': 'SHA-1',
    '2.16.840.1.101.3.4.2.1': 'SHA-256',
    '2.16.840.1.101.3.4.2.2': 'SHA-384',
    '2.16.840.1.101.3.4.2.3': 'SHA-512',
  };
  return names[oid] ?? oid;
}

interface CertStatus {
  idBlock: { tagNumber: number };
  valueBlock: { value?: { toDate?: () => Date }[] };
}

function readCertStatus(status: CertStatus): OcspAnswer {
  const { tagNumber } = status.idBlock;
  if (tagNumber === 0) return { status: 'good' };
  if (tagNumber !== revokedTag) return unproven('The responder does not know the certificate.');
  const revokedAt = status.valueBlock.value?.[0]?.toDate?.();
  return { status: 'revoked', revokedAt: (revokedAt ?? new Date(0)).toISOString() };
}

function toArrayBuffer(buffer: Uint8Array): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
