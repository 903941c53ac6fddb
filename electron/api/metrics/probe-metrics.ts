import { isIPv6 } from 'node:net';
import { Gauge, type Registry } from 'prom-client';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';
import { type JobLabels, jobLabels } from './labels.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

/** What blackbox_exporter says of a TLS probe, by its names: https://github.com/prometheus/blackbox_exporter. */
export function probeMetrics(registry: Registry) {
  const gauge = (name: string, help: string, ...more: string[]) =>
    new Gauge({ name, help, labelNames: [...jobLabels, ...more], registers: [registry] });
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
  const chainInfo = gauge(
    'probe_ssl_last_chain_info',
    'Always 1: which leaf it is.',
    'fingerprint_sha256',
    'subject',
    'issuer',
    'subjectalternative',
    'serialnumber',
  );
  const version = gauge('probe_tls_version_info', 'Always 1: which TLS version was used.', 'version');
  const revocation = gauge(
    'notafter_revocation_info',
    'Always 1: what is known of the leaf’s revocation, and why nothing is.',
    'state',
    'why',
  );
  return {
    set(labels: JobLabels, lastCheck: LastCheck, result: CheckResult | null): void {
      success.set(labels, lastCheck.status === 'ok' || lastCheck.status === 'warning' ? 1 : 0);
      const earliest = earliestNotAfter(result?.chain ?? []) ?? lastCheck.validTo;
      if (earliest) expiry.set(labels, seconds(earliest));
      if (!result) return;
      duration.set(labels, result.timings.total / 1000);
      if (result.timings.dns !== null) lookup.set(labels, result.timings.dns / 1000);
      if (result.address !== null) protocol.set(labels, isIPv6(result.address) ? 6 : 4);
      if (result.earliestExpiry) chainExpiry.set(labels, seconds(result.earliestExpiry.validTo));
      // As blackbox_exporter writes it: TLS 1.3.
      if (result.protocol !== null)
        version.set({ ...labels, version: result.protocol.replace('TLSv', 'TLS ') }, 1);
      if (result.revocation)
        revocation.set({ ...labels, state: result.revocation.state, why: result.revocation.why ?? '' }, 1);
      const { certificate } = result;
      if (!certificate) return;
      chainInfo.set(
        {
          ...labels,
          fingerprint_sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
          subject: certificate.subject,
          issuer: certificate.issuer,
          subjectalternative: certificate.sans.join(','),
          serialnumber: certificate.serialNumber.toLowerCase(),
        },
        1,
      );
    },
  };
}

/** What x509-certificate-exporter says of certificates, by its names: https://github.com/enix/x509-certificate-exporter. */
export function certificateMetrics(registry: Registry) {
  const gauge = (name: string, help: string) =>
    new Gauge({
      name,
      help,
      labelNames: [...jobLabels, 'subject_CN', 'issuer_CN', 'serial_number'],
      registers: [registry],
    });
  const notBefore = gauge('x509_cert_not_before', 'notBefore, in seconds since the epoch.');
  const notAfter = gauge('x509_cert_not_after', 'notAfter, in seconds since the epoch.');
  const expired = gauge('x509_cert_expired', 'Whether it has expired.');
  const left = gauge('x509_cert_expires_in_seconds', 'How long it is still valid; negative once expired.');
  return {
    /** @param now milliseconds since the epoch */
    set(job: JobLabels, { chain }: CheckResult, now: number): void {
      for (const { subject, issuer, serialNumber, validFrom, validTo } of chain) {
        const labels = {
          ...job,
          subject_CN: shortName(subject),
          issuer_CN: shortName(issuer),
          serial_number: BigInt(`0x${serialNumber || '0'}`).toString(),
        };
        notBefore.set(labels, seconds(validFrom));
        notAfter.set(labels, seconds(validTo));
        expired.set(labels, Date.parse(validTo) < now ? 1 : 0);
        left.set(labels, (Date.parse(validTo) - now) / 1000);
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
