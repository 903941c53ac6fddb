import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import { describeRenewals } from '../../../shared/domain/renewals.ts';
import { count, dateInWords, duration, expiryWords, list } from '../../../shared/text/words.ts';
import type { AlertCause } from './alert-cause.ts';
import { asSightings } from './certificate-changes.ts';

const renewRemedy = 'Renew the certificate; where that is automatic, see whether the renewal still runs.';
const dayMs = 86_400_000;

/**
 * What an alert says: the host and what is the matter as its title, by when and what to do as its body.
 * @param name what people call the job
 */
export function alertWords(name: string, occasion: AlertCause, now: number): { title: string; body: string } {
  switch (occasion.kind) {
    case 'expiring':
      return {
        title: `${name} expires ${expiryWords(occasion.leaf.validTo, now)}`,
        body: `Its certificate ends on ${dateInWords(occasion.leaf.validTo)}. ${renewRemedy}`,
      };
    case 'expired':
      return {
        title: `${name} expired ${expiryWords(occasion.leaf.validTo, now)}`,
        body: `Its certificate ended on ${dateInWords(occasion.leaf.validTo)}, and clients refuse it. ${renewRemedy}`,
      };
    case 'overdue': {
      const usual = describeRenewals(asSightings(occasion.leaves));
      return {
        title: `${name} was not renewed as usual`,
        body: `It was ${usual}; this one expires ${expiryWords(occasion.leaf.validTo, now)}, on ${dateInWords(occasion.leaf.validTo)}. See whether the renewal still runs.`,
      };
    }
    case 'problem': {
      const { code, message, remedy } = occasion.problem;
      return {
        title: `${name} ${problemKind(code)?.matter ?? 'has a problem'}`,
        body: `${message} ${remedy}`,
      };
    }
    case 'changed': {
      const { from, to, isOtherIssuer, isOtherKey } = occasion;
      const what = isOtherIssuer
        ? `It is issued by ${shortName(to.issuer)} and no longer by ${shortName(from.issuer)}`
        : 'It has another key';
      const also = isOtherIssuer && isOtherKey ? ', and has another key' : '';
      return {
        title: `${name} shows another certificate`,
        body: `${what}${also}, though the one before was valid for ${duration(from.validTo - now)} still. If nobody replaced it, find out who did.`,
      };
    }
    case 'unreachable':
      return {
        title: `${name} cannot be reached`,
        body: `${occasion.message} For ${duration(now - occasion.since)} now, ${count(occasion.count, 'check')} in a row.`,
      };
    case 'renewed': {
      const days = Math.round((occasion.to.validTo - occasion.to.validFrom) / dayMs);
      return {
        title: `${name} was renewed`,
        body: `The new certificate is valid until ${dateInWords(occasion.to.validTo)}${days > 0 ? `, for ${count(days, 'day')} in all` : ''}.`,
      };
    }
    case 'recovered':
      return { title: `${name} is all right again`, body: mendedWords(occasion.ended.map(({ key }) => key)) };
  }
}

function mendedWords(keys: readonly string[]): string {
  const codes = keys.flatMap((key) => (key.startsWith('problem:') ? [key.slice('problem:'.length)] : []));
  if (codes.length === 0) return 'It can be reached, and nothing is wrong with its certificate.';
  const was = codes.map((code) => problemKind(code)?.mended ?? code);
  return `Put right: ${list(was)}.`;
}
