import { isIPv6 } from 'node:net';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { type LabelText, labelText } from './family.ts';

/** A certificate that a server sent: its labels, and its times in milliseconds since the epoch. */
interface CertificateFacts {
  labels: LabelText;
  notBefore: number;
  notAfter: number;
}

/** What a scrape says of a job's last result, without the job's own labels: a few hundred octets of a result of many kilobytes. */
export interface ResultFacts {
  seconds: number;
  lookupSeconds: number | null;
  /** 4 or 6. */
  ipProtocol: number | null;
  version: LabelText | null;
  /** Milliseconds since the epoch. */
  chainExpiry: number | null;
  revocation: LabelText | null;
  leaf: LabelText | null;
  certificates: CertificateFacts[];
}

/** As many octets of names as a label has: a certificate may have 60,000 names. */
const maxNames = 4_096;

/** Returns what a scrape says of a result. */
export function resultFacts(result: CheckResult): ResultFacts {
  const { timings, address, protocol, earliestExpiry, revocation, certificate, chain } = result;
  return {
    seconds: timings.total / 1000,
    lookupSeconds: timings.dns === null ? null : timings.dns / 1000,
    ipProtocol: address === null ? null : ipProtocolOf(address),
    // As blackbox_exporter writes it: TLS 1.3.
    version: protocol === null ? null : labelText({ version: protocol.replace('TLSv', 'TLS ') }),
    chainExpiry: earliestExpiry ? Date.parse(earliestExpiry.validTo) : null,
    revocation: revocation ? labelText({ state: revocation.state, why: revocation.why ?? '' }) : null,
    leaf: certificate ? leafLabels(certificate) : null,
    certificates: certificatesOf(chain),
  };
}

const ipProtocolOf = (address: string) => (isIPv6(address) ? 6 : 4);

function leafLabels({ fingerprint256, subject, issuer, sans, serialNumber }: Certificate): LabelText {
  return labelText({
    fingerprint_sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    subject,
    issuer,
    subjectalternative: namesOf(sans),
    serialnumber: serialNumber.toLowerCase(),
  });
}

/** Joins names with commas, up to the bound and never within a name. */
function namesOf(names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    if (text.length + name.length >= maxNames) return `${text},…`;
    text += text === '' ? name : `,${name}`;
  }
  return text;
}

/** Returns a serial number in decimal, as x509-certificate-exporter has it. Old CAs have negative ones, which node:crypto writes as `-05`. */
function decimalOf(hex: string): string {
  const [, sign = '', digits = '0'] = /^(-?)([\da-f]{1,8192})$/i.exec(hex) ?? [];
  return `${sign}${BigInt(`0x${digits}`)}`;
}

function certificatesOf(chain: readonly Certificate[]): CertificateFacts[] {
  // A server may send a certificate twice.
  const found = new Map<LabelText, CertificateFacts>();
  for (const { subject, issuer, serialNumber, validFrom, validTo } of chain) {
    const labels = labelText({
      subject_CN: shortName(subject),
      issuer_CN: shortName(issuer),
      serial_number: decimalOf(serialNumber),
    });
    if (!found.has(labels))
      found.set(labels, { labels, notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) });
  }
  return [...found.values()];
}
