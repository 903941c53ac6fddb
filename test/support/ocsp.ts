import { createHash, sign } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  id_pkix_ocsp_basic,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension, Extensions } from '@peculiar/asn1-x509';
import type { Issued } from './pki.ts';

export interface OcspOptions {
  status: 'good' | 'revoked' | 'unknown';
  /** Who signs; the issuer unless given. */
  signer?: Issued;
  /** Days from now. */
  thisUpdateDays?: number;
  /** Null leaves it out. */
  nextUpdateDays?: number | null;
  /** What further answers about the same certificate say, which come first. */
  before?: readonly OcspOptions['status'][];
  /** What it encloses; the signer unless given. An issuer's own answer need enclose nothing (RFC 6960 §4.2.1). */
  certificates?: readonly Buffer[];
  /** Names the responder by its key in place of its subject. */
  isByKey?: boolean;
  /** Further answers before the one about the certificate. */
  others?: readonly Issued[];
  /** Breaks the signature. */
  isForged?: boolean;
  /** SCTs in its extensions (RFC 6962 §3.3). */
  sctList?: Buffer;
}

const dayMs = 86_400_000;
const sha1 = '1.3.14.3.2.26';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** An OCSP response about a certificate, in DER, signed by an EC key (RFC 6960 §4.2). */
export function ocspResponse(leaf: Issued, issuer: Issued, options: OcspOptions): Buffer {
  const { status, signer = issuer, thisUpdateDays = -1, nextUpdateDays = 6, isForged = false } = options;
  const { certificates = [signer.der], isByKey = false, others = [], before = [] } = options;
  const at = (days: number) => new Date(Math.floor((Date.now() + days * dayMs) / 1000) * 1000);
  const issuerCertificate = AsnConvert.parse(issuer.der, Certificate);
  const signerCertificate = AsnConvert.parse(signer.der, Certificate);
  const digest = (bytes: BufferSource) =>
    new OctetString(
      new Uint8Array(
        createHash('sha1')
          .update(Buffer.from(bytes as ArrayBuffer))
          .digest(),
      ).buffer,
    );
  const statuses = {
    good: { good: null },
    unknown: { unknown: null },
    revoked: { revoked: new RevokedInfo({ revocationTime: at(-3) }) },
  };
  const answers = [
    ...others.map(({ der }) => ({ der, says: 'good' as const })),
    ...[...before, status].map((says) => ({ der: leaf.der, says })),
  ];
  const singles = answers.map(
    ({ der, says }) =>
      new SingleResponse({
        certID: new CertID({
          hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1 }),
          issuerNameHash: digest(AsnConvert.serialize(issuerCertificate.tbsCertificate.subject)),
          issuerKeyHash: digest(issuerCertificate.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey),
          serialNumber: AsnConvert.parse(der, Certificate).tbsCertificate.serialNumber,
        }),
        certStatus: new CertStatus(statuses[says]),
        thisUpdate: at(thisUpdateDays),
        ...(nextUpdateDays === null ? {} : { nextUpdate: at(nextUpdateDays) }),
        ...(options.sctList ? { singleExtensions: new Extensions([sctsOf(options.sctList)]) } : {}),
      }),
  );
  const data = new ResponseData({
    responderID: new ResponderID(
      isByKey
        ? { byKey: digest(signerCertificate.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey) }
        : { byName: signerCertificate.tbsCertificate.subject },
    ),
    producedAt: at(thisUpdateDays),
    responses: singles,
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(data)), signer.privateKey);
  if (isForged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  const basic = new BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signature: new Uint8Array(signature).buffer,
    ...(certificates.length > 0
      ? { certs: certificates.map((der) => AsnConvert.parse(der, Certificate)) }
      : {}),
  });
  const response = new OCSPResponse({
    responseStatus: OCSPResponseStatus.successful,
    responseBytes: new ResponseBytes({
      responseType: id_pkix_ocsp_basic,
      response: new OctetString(AsnConvert.serialize(basic)),
    }),
  });
  return Buffer.from(AsnConvert.serialize(response));
}

function sctsOf(list: Buffer): Extension {
  const inner = AsnConvert.serialize(new OctetString(new Uint8Array(list).buffer));
  return new Extension({ extnID: '1.3.6.1.4.1.11129.2.4.5', extnValue: new OctetString(inner) });
}
