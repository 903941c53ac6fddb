import { shortName } from '../../../../shared/domain/distinguished-name.ts';
import type { ChainFault } from '../../../../shared/domain/problems/evidence.ts';
import { printable } from '../../printable.ts';
import type { ParsedCertificate } from '../certificate.ts';
import { contentRules } from './content-rules.ts';
import { deviationRules } from './deviation-rules.ts';
import { extensionRules } from './extension-rules.ts';
import { issuerRules } from './issuer-rules.ts';
import { keyRules } from './key-rules.ts';
import { policyFault } from './policies.ts';
import type { Link, PathRule } from './rule.ts';

/** Characters of a sentence: names in certificates can be as long as they like. */
const maxDetail = 500;

/** What a path is judged for: a server's name and trust, trust alone, or the certificates by themselves. */
export type PathScope = 'server' | 'path' | 'file';

const rules: readonly PathRule[] = [
  ...contentRules,
  ...extensionRules,
  ...issuerRules,
  ...keyRules,
  ...deviationRules,
];
/** Those that an issuer can break for what is already below it. */
const climbingRules = rules.filter(({ place, severity }) => severity === 'critical' && place !== 'server');

/**
 * Says everything that is wrong with a path but its dates (RFC 5280 §6.1 as the clients of the web apply it).
 * @param path from the leaf upwards
 * @param isTrusted whether its last certificate is trusted for itself
 */
export function validatePath(
  path: readonly ParsedCertificate[],
  isTrusted: boolean,
  scope: PathScope,
): ChainFault[] {
  const faults = path.flatMap((certificate, at) => {
    const link = linkOf(path, at, isTrusted);
    if (!link)
      return [
        fault(
          'malformed-certificate',
          'critical',
          path,
          isTrusted,
          at,
          `cannot be read by clients: ${certificate.readingFaults.join('; ')}`,
        ),
      ];
    return rules
      .filter((rule) => appliesTo(rule, link, scope))
      .flatMap((rule) => {
        const detail = rule.find(link);
        return detail === null ? [] : [fault(rule.code, rule.severity, path, isTrusted, at, detail)];
      });
  });
  const policy = isTrusted && scope !== 'file' ? policyFault(path) : null;
  if (policy) faults.push(fault('invalid-policy', 'critical', path, isTrusted, policy.at, policy.why));
  return faults;
}

/** Whether the last certificate of a path breaks nothing for those below it, so that the search may go on from it. */
export function mayIssue(path: readonly ParsedCertificate[], isAnchor: boolean): boolean {
  return [path.length - 2, path.length - 1].every((at) => {
    const link = linkOf(path, at, isAnchor);
    const mine =
      at === path.length - 1
        ? climbingRules
        : climbingRules.filter(({ code }) => code === 'authority-key-mismatch');
    return link === null
      ? false
      : mine.every((rule) => !appliesTo(rule, link, 'path') || rule.find(link) === null);
  });
}

function linkOf(path: readonly ParsedCertificate[], at: number, isTrusted: boolean): Link | null {
  const certificate = path[at];
  if (!certificate?.details) return null;
  const isAnchor = isTrusted && at === path.length - 1;
  return {
    certificate,
    details: certificate.details,
    at,
    isLeaf: at === 0,
    isAnchor,
    issuer: path[at + 1] ?? null,
    path,
  };
}

function appliesTo(rule: PathRule, { isLeaf }: Link, scope: PathScope): boolean {
  if (scope === 'file' && (!isLeaf || rule.isIntrinsic !== true)) return false;
  switch (rule.place) {
    case 'server':
      return isLeaf && scope === 'server';
    case 'leaf':
      return isLeaf;
    case 'issuer':
      return !isLeaf;
    case 'link':
      return true;
  }
}

function fault(
  code: ChainFault['code'],
  severity: ChainFault['severity'],
  path: readonly ParsedCertificate[],
  isTrusted: boolean,
  at: number,
  detail: string,
): ChainFault {
  const { subject, serialNumber } = path[at]?.facts ?? {};
  const isRoot = at > 0 && isTrusted && at === path.length - 1;
  return {
    code,
    severity,
    at,
    isRoot,
    name: shortName(subject ?? '') || `serial number ${serialNumber}`,
    detail: printable(detail.slice(0, maxDetail)),
  };
}
