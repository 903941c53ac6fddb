import type { CheckResult, Problem, Unreachable } from '../../../shared/schema/check-result.ts';
import { isFileTarget, type Target } from '../../../shared/schema/target.ts';
import type { ProbeTrace } from '../probe/probe-trace.ts';
import { sniOf } from '../probe/route.ts';
import { statusOf } from './find-problems.ts';

/** A result without a certificate, with everything else filled in. */
export function frameResult(
  target: Target,
  problems: Problem[],
  trace: ProbeTrace,
  totalMs: number,
  now: number,
): CheckResult {
  const { dns, tcp, starttls, tls } = trace.timings;
  return {
    target: isFileTarget(target)
      ? { file: target.file }
      : { host: target.host, port: target.port, servername: sniOf(target), starttls: target.starttls },
    checkedAt: new Date(now).toISOString(),
    status: statusOf(problems),
    problems,
    certificate: null,
    chain: [],
    earliestExpiry: null,
    protocol: null,
    cipher: null,
    address: trace.address,
    addresses: null,
    attempts: trace.attempts.length > 1 ? trace.attempts : null,
    certificates: null,
    entry: null,
    entries: null,
    revocation: null,
    trust: null,
    transparency: null,
    timings: {
      dns: round(dns),
      tcp: round(tcp),
      starttls: round(starttls),
      tls: round(tls),
      total: round(totalMs) ?? 0,
    },
    unreachable: null,
  };
}

/** A result for a target that showed no certificate. */
export function unreachableResult(
  target: Target,
  failure: Unreachable & { remedy?: string | undefined },
  trace: ProbeTrace,
  totalMs: number,
  now: number,
): CheckResult {
  const { reason, message } = failure;
  const remedy = failure.remedy ?? remedies[reason];
  const problem: Problem = { code: 'unreachable', severity: 'critical', message, remedy };
  return { ...frameResult(target, [problem], trace, totalMs, now), unreachable: { reason, message } };
}

const remedies: Record<Unreachable['reason'], string> = {
  dns: 'Check the spelling of the name, and whether this machine can reach its name server (a VPN, perhaps).',
  refused: 'Check whether the service runs, on which port it listens, and whether a firewall blocks it.',
  timeout: 'Check whether the host is up and whether a firewall drops the connection.',
  reset: 'Check the server’s log for why it closes the connection.',
  'not-tls': 'Correct the port, or choose the STARTTLS protocol that the service speaks.',
  'starttls-refused': 'Turn on TLS in the service, or correct the port and protocol.',
  handshake: 'Check the server’s log for the failed handshake.',
  fault:
    'This says nothing about the host. Please report the details in the log. NotAfter checks the host again as scheduled.',
  file: 'Correct the path or the passphrase, and check that NotAfter can read the file.',
};

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}
