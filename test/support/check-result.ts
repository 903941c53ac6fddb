import type { Certificate } from '../../shared/schema/certificate.ts';
import type { CheckResult, Problem } from '../../shared/schema/check-result.ts';

const day = 86_400_000;

/** A result of a host that showed a certificate of 90 days, 30 days old. */
export function checkResult({ problems, now }: { problems: Problem[]; now: number }): CheckResult {
  const time = (days: number) => new Date(now + days * day).toISOString();
  const certificate: Certificate = {
    subject: 'CN=host',
    issuer: 'CN=Example CA, O=Example',
    sans: ['host'],
    serialNumber: '01',
    fingerprint256: Array.from({ length: 32 }, () => 'AB').join(':'),
    validFrom: time(-30),
    validTo: time(60),
    daysRemaining: 60,
    key: { type: 'ec', bits: 256, curve: 'prime256v1', fingerprint256: null },
    signatureAlgorithm: 'ecdsa-with-SHA256',
    extendedKeyUsage: ['serverAuth'],
    extensions: null,
    selfSigned: false,
  };
  return {
    target: { host: 'host', port: 443, servername: 'host', starttls: null },
    checkedAt: time(0),
    status: 'ok',
    problems,
    certificate,
    chain: [certificate],
    earliestExpiry: { subject: 'CN=host', validTo: time(60), role: 'leaf' },
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    address: '192.0.2.1',
    addresses: null,
    attempts: null,
    certificates: null,
    entry: null,
    entries: null,
    revocation: null,
    trust: null,
    transparency: null,
    timings: { dns: null, tcp: 1, starttls: null, tls: 2, total: 3 },
    unreachable: null,
  };
}
