import { styleText } from 'node:util';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { CheckResult, Status } from '../../../shared/schema/check-result.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import { expiryWords } from '../../../shared/text/words.ts';

export const statusMarks: Record<Status, { sign: string; colour: 'green' | 'yellow' | 'red' | 'magenta' }> = {
  ok: { sign: '✓', colour: 'green' },
  warning: { sign: '▲', colour: 'yellow' },
  critical: { sign: '✗', colour: 'red' },
  unreachable: { sign: '∅', colour: 'magenta' },
};

/** A result for people: a line with the verdict, then each problem with what to do about it. */
export function renderText(name: string, result: CheckResult, stream: NodeJS.WriteStream): string {
  const { sign, colour } = statusMarks[result.status];
  const paint = (style: typeof colour | 'dim' | 'bold', text: string) =>
    styleText(style, forTerminal(text), { stream });
  const { certificate } = result;
  const facts = certificate
    ? [
        expiresWords(result),
        `issued by ${shortName(certificate.issuer)}`,
        // A file has none.
        ...(result.protocol === null ? [] : [result.protocol]),
      ].join(' · ')
    : 'shows no certificate';
  const head = `${paint(colour, `${sign} ${result.status}`)}  ${paint('bold', name)}  ${forTerminal(facts)}`;
  // Only where both were asked for: the verdict is the worse one's.
  const both = (result.certificates ?? []).map(
    ({ keyType, status, validTo, fingerprint256 }) =>
      `    ${keyType.toUpperCase()} certificate: ${status}, until ${validTo.slice(0, 10)}, SHA-256 ${fingerprint256.replaceAll(':', '').slice(0, 16)}…`,
  );
  const problems = result.problems.flatMap((problem) => [
    `    ${isCounted(problem) ? '' : 'Note: '}${forTerminal(problem.message)}`,
    paint('dim', `      ${problem.remedy}`),
  ]);
  return `${[head, ...both, ...problems].join('\n')}\n`;
}

/** `expires in 9 days (2026-12-05), with “Corp CA 1” above it`. */
function expiresWords({ certificate, earliestExpiry, checkedAt }: CheckResult): string {
  const { validTo, role, subject } = earliestExpiry ?? {
    validTo: certificate?.validTo ?? '',
    role: 'leaf',
    subject: '',
  };
  const now = Date.parse(checkedAt);
  const verb = Date.parse(validTo) < now ? 'expired' : 'expires';
  const limit = role === 'leaf' ? '' : `, with “${shortName(subject)}” above it`;
  return `${verb} ${expiryWords(validTo, now)} (${validTo.slice(0, 10)})${limit}`;
}
