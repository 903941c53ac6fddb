import { Gauge, Registry } from 'prom-client';
import { isFileTarget } from '../../shared/target.ts';
import type { Engine } from '../engine/engine.ts';

const labelNames = ['job_id', 'host', 'port', 'name'] as const;

/** The engine's jobs in Prometheus' text format, with blackbox_exporter's names where it has them. */
export async function renderMetrics(engine: Engine): Promise<{ contentType: string; body: string }> {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers: [registry] });
  const success = gauge(
    'probe_success',
    'Whether the last check reached the target and found nothing critical.',
  );
  const expiry = gauge(
    'probe_ssl_earliest_cert_expiry',
    'notAfter of the certificate seen last, in seconds since the epoch.',
  );
  const notBefore = gauge(
    'x509_cert_not_before',
    'notBefore of the certificate seen last, in seconds since the epoch.',
  );
  const notAfter = gauge(
    'x509_cert_not_after',
    'notAfter of the certificate seen last, in seconds since the epoch.',
  );
  const checked = gauge(
    'notafter_last_check_timestamp_seconds',
    'When the target was checked last, in seconds since the epoch.',
  );
  const jobs = new Gauge({
    name: 'notafter_jobs',
    help: 'Jobs by status.',
    labelNames: ['status'],
    registers: [registry],
  });
  const checking = new Gauge({
    name: 'notafter_checks_in_progress',
    help: 'Checks that run or wait.',
    registers: [registry],
  });
  const info = new Gauge({
    name: 'notafter_build_info',
    help: 'Always 1.',
    labelNames: ['version'],
    registers: [registry],
  });
  info.set({ version: engine.version }, 1);
  checking.set(engine.checkingCount);
  for (const { id, target, name, status, lastCheck } of engine.views()) {
    jobs.inc({ status });
    if (!lastCheck) continue;
    const place = isFileTarget(target)
      ? { host: target.file, port: '' }
      : { host: target.host, port: String(target.port) };
    const labels = { job_id: id, ...place, name };
    success.set(labels, status === 'ok' || status === 'warning' ? 1 : 0);
    checked.set(labels, seconds(lastCheck.checkedAt));
    if (lastCheck.validFrom) notBefore.set(labels, seconds(lastCheck.validFrom));
    if (!lastCheck.validTo) continue;
    expiry.set(labels, seconds(lastCheck.validTo));
    notAfter.set(labels, seconds(lastCheck.validTo));
  }
  return { contentType: registry.contentType, body: await registry.metrics() };
}

const seconds = (iso: string) => Date.parse(iso) / 1000;
