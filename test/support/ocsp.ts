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
import {
  AlgorithmIdentifier,
  Certificate,
  CertificateList,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import type { Issued } from './pki.ts';

export interface OcspOptions {
  status: 'good' | 'revoked';
  /** Who signs; the issuer unless given. */
  signer?: Issued;
  /** Days from now. */
  thisUpdateDays?: number;
  nextUpdateDays?: number;
  /** Breaks the signature. */
  isForged?: boolean;
}

const dayMs = 86_400_000;
const sha1 = '1.3.14.3.2.26';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** An OCSP response about a certificate, in DER, signed by an EC key (RFC 6960 §4.2). */
export function ocspResponse(leaf: Issued, issuer: Issued, options: OcspOptions): Buffer {
  const { status, signer = issuer, thisUpdateDays = -1, nextUpdateDays = 6, isForged = false } = options;
  const at = (days: number) => new Date(Math.floor((Date.now() + days * dayMs) / 1000) * 1000);
  const certificate = AsnConvert.parse(leaf.der, Certificate);
  const issuerCertificate = AsnConvert.parse(issuer.der, Certificate);
  const digest = (data: BufferSource) =>
    new OctetString(
      new Uint8Array(
        createHash('sha1')
          .update(Buffer.from(data as ArrayBuffer))
          .digest(),
      ).buffer,
    );
  const single = new SingleResponse({
    certID: new CertID({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1 }),
      issuerNameHash: digest(AsnConvert.serialize(issuerCertificate.tbsCertificate.subject)),
      issuerKeyHash: digest(issuerCertificate.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey),
      serialNumber: certificate.tbsCertificate.serialNumber,
    }),
    certStatus: new CertStatus(
      status === 'good' ? { good: null } : { revoked: new RevokedInfo({ revocationTime: at(-3) }) },
    ),
    thisUpdate: at(thisUpdateDays),
    nextUpdate: at(nextUpdateDays),
  });
  const data = new ResponseData({
    responderID: new ResponderID({
      byName: AsnConvert.parse(signer.der, Certificate).tbsCertificate.subject,
    }),
    producedAt: at(thisUpdateDays),
    responses: [single],
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(data)), signer.privateKey);
  if (isForged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  const basic = new BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signature: new Uint8Array(signature).buffer,
    certs: [AsnConvert.parse(signer.der, Certificate)],
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

/** A revocation list in DER, signed by an EC key (RFC 5280 §5.1). */
export function revocationList(issuer: Issued, revoked: readonly Issued[], nextUpdateDays = 6): Buffer {
  const at = (days: number) => new Time(new Date(Math.floor((Date.now() + days * dayMs) / 1000) * 1000));
  const signatureAlgorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: signatureAlgorithm,
    issuer: AsnConvert.parse(issuer.der, Certificate).tbsCertificate.subject,
    thisUpdate: at(-1),
    nextUpdate: at(nextUpdateDays),
    revokedCertificates: revoked.map(
      ({ der }) =>
        new RevokedCertificate({
          userCertificate: AsnConvert.parse(der, Certificate).tbsCertificate.serialNumber,
          revocationDate: at(-3),
        }),
    ),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertList)), issuer.privateKey);
  const list = new CertificateList({
    tbsCertList,
    signatureAlgorithm,
    signature: new Uint8Array(signature).buffer,
  });
  return Buffer.from(AsnConvert.serialize(list));
}
