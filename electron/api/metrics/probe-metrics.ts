import { isIPv6 } from 'node:net';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';
import { Family, type LabelText, labelText } from './family.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

/** What blackbox_exporter says of a TLS probe, by its names: https://github.com/prometheus/blackbox_exporter. */
export function probeMetrics() {
  const families: Family[] = [];
  const gauge = (name: string, help: string) => {
    const family = new Family(name, help);
    families.push(family);
    return family;
  };
  const success = gauge(
    'probe_success',
    'Whether the last check reached the target and found nothing critical.',
  );
  const duration = gauge('probe_duration_seconds', 'How long the last check took.');
  const lookup = gauge('probe_dns_lookup_time_seconds', 'How long resolving the name took.');
  const protocol = gauge('probe_ip_protocol', 'Whether IPv4 (4) or IPv6 (6) was used.');
  const expiry = gauge(
    'probe_ssl_earliest_cert_expiry',
    'Earliest notAfter of the certificates that were sent, in seconds since the epoch; while the target is unreachable, of the leaf seen last.',
  );
  const chainExpiry = gauge(
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'Earliest notAfter of the leaf and everything it is verified by, in seconds since the epoch.',
  );
  const chainInfo = gauge('probe_ssl_last_chain_info', 'Always 1: which leaf it is.');
  const version = gauge('probe_tls_version_info', 'Always 1: which TLS version was used.');
  const revocation = gauge(
    'notafter_revocation_info',
    'Always 1: what is known of the leaf’s revocation, and why nothing is.',
  );
  const addConnection = (labels: LabelText, { timings, address, protocol: spoken }: CheckResult) => {
    duration.add(labels, timings.total / 1000);
    if (timings.dns !== null) lookup.add(labels, timings.dns / 1000);
    if (address !== null) protocol.add(labels, isIPv6(address) ? 6 : 4);
    if (spoken === null) return;
    // As blackbox_exporter writes it: TLS 1.3.
    version.add(`${labels},${labelText({ version: spoken.replace('TLSv', 'TLS ') })}`, 1);
  };
  const addCertificate = (labels: LabelText, result: CheckResult) => {
    if (result.earliestExpiry) chainExpiry.add(labels, seconds(result.earliestExpiry.validTo));
    if (result.revocation) {
      const { state, why } = result.revocation;
      revocation.add(`${labels},${labelText({ state, why: why ?? '' })}`, 1);
    }
    if (result.certificate) chainInfo.add(`${labels},${leafLabels(result.certificate)}`, 1);
  };
  return {
    families,
    add(labels: LabelText, lastCheck: LastCheck, result: CheckResult | null): void {
      success.add(labels, lastCheck.status === 'ok' || lastCheck.status === 'warning' ? 1 : 0);
      const earliest = earliestNotAfter(result?.chain ?? []) ?? lastCheck.validTo;
      if (earliest) expiry.add(labels, seconds(earliest));
      if (!result) return;
      addConnection(labels, result);
      addCertificate(labels, result);
    },
  };
}

function leafLabels({ fingerprint256, subject, issuer, sans, serialNumber }: Certificate): LabelText {
  return labelText({
    fingerprint_sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    subject,
    issuer,
    subjectalternative: sans.join(','),
    serialnumber: serialNumber.toLowerCase(),
  });
}

/** What x509-certificate-exporter says of certificates, by its names: https://github.com/enix/x509-certificate-exporter. */
export function certificateMetrics() {
  const notBefore = new Family('x509_cert_not_before', 'notBefore, in seconds since the epoch.');
  const notAfter = new Family('x509_cert_not_after', 'notAfter, in seconds since the epoch.');
  const expired = new Family('x509_cert_expired', 'Whether it has expired.');
  const left = new Family(
    'x509_cert_expires_in_seconds',
    'How long it is still valid; negative once expired.',
  );
  return {
    families: [notBefore, notAfter, expired, left],
    /** @param now milliseconds since the epoch */
    add(job: LabelText, { chain }: CheckResult, now: number): void {
      const seen = new Set<LabelText>();
      for (const { subject, issuer, serialNumber, validFrom, validTo } of chain) {
        const own = labelText({
          subject_CN: shortName(subject),
          issuer_CN: shortName(issuer),
          serial_number: BigInt(`0x${serialNumber || '0'}`).toString(),
        });
        if (seen.has(own)) continue; // A server may send a certificate twice.
        seen.add(own);
        const labels = `${job},${own}`;
        notBefore.add(labels, seconds(validFrom));
        notAfter.add(labels, seconds(validTo));
        expired.add(labels, Date.parse(validTo) < now ? 1 : 0);
        left.add(labels, (Date.parse(validTo) - now) / 1000);
      }
    },
  };
}

function earliestNotAfter(chain: readonly Certificate[]): string | null {
  return chain.reduce<string | null>(
    (earliest, { validTo }) =>
      earliest === null || Date.parse(validTo) < Date.parse(earliest) ? validTo : earliest,
    null,
  );
}
