import type { LastCheck } from '../../../shared/schema/job.ts';
import { Family, type LabelText, labelText, type Sample } from './family.ts';
import type { ResultFacts } from './job-facts.ts';

/** A job as a scrape sees it. */
export interface ScrapedJob {
  labels: LabelText;
  lastCheck: LastCheck;
  /** Null where the history does not have the result any more. */
  result: ResultFacts | null;
}

const seconds = (iso: string) => Date.parse(iso) / 1000;
const sample = (value: number | null, more: LabelText | null = null): Sample[] =>
  value === null ? [] : [{ more, value }];
const info = (more: LabelText | null | undefined): Sample[] => (more ? [{ more, value: 1 }] : []);

/** Gauges of one sample for each certificate that was sent, by the names of x509-certificate-exporter. */
function ofCertificates(
  name: string,
  help: string,
  measure: (certificate: ResultFacts['certificates'][number], now: number) => number,
): Family<ScrapedJob> {
  return new Family(name, help, ({ result }, now) =>
    (result?.certificates ?? []).map((one) => ({ more: one.labels, value: measure(one, now) })),
  );
}

/**
 * The gauges of each job, under the names of blackbox_exporter (https://github.com/prometheus/blackbox_exporter), of
 * x509-certificate-exporter (https://github.com/enix/x509-certificate-exporter), and of our own.
 */
export const jobFamilies: readonly Family<ScrapedJob>[] = [
  new Family(
    'probe_success',
    'Whether the last check reached the target and found nothing critical.',
    ({ lastCheck: { status } }) => sample(status === 'ok' || status === 'warning' ? 1 : 0),
  ),
  new Family('probe_duration_seconds', 'How long the last check took.', ({ result }) =>
    sample(result?.seconds ?? null),
  ),
  new Family('probe_dns_lookup_time_seconds', 'How long resolving the name took.', ({ result }) =>
    sample(result?.lookupSeconds ?? null),
  ),
  new Family('probe_ip_protocol', 'Whether IPv4 (4) or IPv6 (6) was used.', ({ result }) =>
    sample(result?.ipProtocol ?? null),
  ),
  new Family(
    'probe_ssl_earliest_cert_expiry',
    'Earliest notAfter of the certificates that were sent, in seconds since the epoch; while the target is unreachable, of the leaf seen last.',
    (job) => sample(earliestNotAfter(job)),
  ),
  new Family(
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'Earliest notAfter of the leaf and everything it is verified by, in seconds since the epoch.',
    ({ result }) => sample(result?.chainExpiry ? result.chainExpiry / 1000 : null),
  ),
  new Family('probe_ssl_last_chain_info', 'Always 1: which leaf it is.', ({ result }) => info(result?.leaf)),
  new Family('probe_tls_version_info', 'Always 1: which TLS version was used.', ({ result }) =>
    info(result?.version),
  ),
  new Family(
    'notafter_revocation_info',
    'Always 1: what is known of the leaf’s revocation, and why nothing is.',
    ({ result }) => info(result?.revocation),
  ),
  ofCertificates(
    'x509_cert_not_before',
    'notBefore, in seconds since the epoch.',
    ({ notBefore }) => notBefore / 1000,
  ),
  ofCertificates(
    'x509_cert_not_after',
    'notAfter, in seconds since the epoch.',
    ({ notAfter }) => notAfter / 1000,
  ),
  ofCertificates('x509_cert_expired', 'Whether it has expired.', ({ notAfter }, now) =>
    notAfter < now ? 1 : 0,
  ),
  ofCertificates(
    'x509_cert_expires_in_seconds',
    'How long it is still valid; negative once expired.',
    ({ notAfter }, now) => (notAfter - now) / 1000,
  ),
  new Family(
    'notafter_last_check_timestamp_seconds',
    'When the target was checked last, in seconds since the epoch.',
    ({ lastCheck }) => sample(seconds(lastCheck.checkedAt)),
  ),
  new Family(
    'notafter_problem',
    '1 for each problem that the last check found.',
    ({ lastCheck: { problems } }) =>
      [...new Set(problems.map(({ code, severity }) => labelText({ code, severity })))].flatMap(info),
  ),
  new Family(
    'notafter_problem_accepted',
    '1 for each problem of notafter_problem that was accepted.',
    ({ lastCheck: { problems } }) =>
      [
        ...new Set(problems.filter(({ accepted }) => accepted).map(({ code }) => labelText({ code }))),
      ].flatMap(info),
  ),
];

/** Returns a time in seconds since the epoch; null where none was ever seen. */
function earliestNotAfter({ lastCheck: { validTo }, result }: ScrapedJob): number | null {
  const times = (result?.certificates ?? []).map(({ notAfter }) => notAfter);
  if (times.length > 0) return Math.min(...times) / 1000;
  return validTo === null ? null : seconds(validTo);
}
