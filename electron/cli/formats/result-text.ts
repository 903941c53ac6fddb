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
    ? `${expiresWords(certificate.validTo, result.checkedAt)} · issued by ${shortName(certificate.issuer)} · ${result.protocol ?? 'no protocol'}`
    : 'shows no certificate';
  const head = `${paint(colour, `${sign} ${result.status}`)}  ${paint('bold', name)}  ${forTerminal(facts)}`;
  const problems = result.problems.flatMap((problem) => [
    `    ${isCounted(problem) ? '' : 'Note: '}${forTerminal(problem.message)}`,
    paint('dim', `      ${problem.remedy}`),
  ]);
  return `${[head, ...problems].join('\n')}\n`;
}

function expiresWords(validTo: string, checkedAt: string): string {
  const now = Date.parse(checkedAt);
  const verb = Date.parse(validTo) < now ? 'expired' : 'expires';
  return `${verb} ${expiryWords(validTo, now)} (${validTo.slice(0, 10)})`;
}
