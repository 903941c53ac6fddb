import type { AlertRules } from '../../schema/alert-rules.ts';
import type { Problem } from '../../schema/check-result.ts';
import { count, dateInWords, expiryWords, list } from '../../text/words.ts';
import { shortName } from '../distinguished-name.ts';
import { problemKind } from '../problems/problem-kinds.ts';
import { describeRenewals } from '../renewals.ts';
import { type CopyPlace, copiesText } from './copy-places.ts';

/** A leaf of a job, and since when it is known. Times in milliseconds since the epoch. */
export interface KnownLeaf {
  fingerprint: string;
  /** The whole distinguished name. */
  issuer: string;
  /** Names the public key; null where that is not known. */
  key: string | null;
  validFrom: number;
  validTo: number;
  firstSeenAt: number;
  /** Its names as `namesOf` writes them; undefined: not known. */
  names?: string | undefined;
  /** `rsa`, `ec`, …; undefined: not known. */
  keyType?: string | undefined;
}

interface ExpiryFacts {
  leaf: KnownLeaf;
  /** Every leaf that the job showed, the oldest first. */
  leaves: readonly KnownLeaf[];
  /** Since when the host cannot be reached, so that a renewal could not be seen; null: it showed the leaf. */
  unseenSince: number | null;
}

/** The kinds of alerts, each with the facts that it is raised for. Times in milliseconds since the epoch. */
export interface AlertFacts {
  expired: ExpiryFacts;
  expiring: ExpiryFacts;
  'renewal-overdue': ExpiryFacts;
  unreachable: { message: string; since: number; count: number };
  problem: { problem: Problem };
  /** What comes and goes, and how often it did in how many checks. */
  unstable: { keys: readonly string[]; turns: number; looks: number };
  changed: { from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean; isOtherKey: boolean };
  'partly-renewed': {
    /** Where the new certificate is, the host that has the alert first. */
    renewed: readonly CopyPlace[];
    /** Where the old one still is. */
    stale: readonly CopyPlace[];
    /** notAfter of the old one. */
    validTo: number;
  };
  renewed: { from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean };
  recovered: { resolved: readonly { key: string }[]; stillOpen: number };
}
export type AlertKind = keyof AlertFacts;

/** Why an alert is raised: its kind and its facts. */
export type AlertCause = { [Kind in AlertKind]: { kind: Kind } & AlertFacts[Kind] }[AlertKind];

/** The rules that turn kinds of alerts on and off. */
type AlertRule = 'expiry' | 'problems' | 'changes' | 'unreachable';

interface AlertKindEntry<Facts> {
  /** The rule that turns it on; null: none does, it follows from other alerts. */
  rule: (AlertRule & keyof AlertRules) | null;
  /** Whether it is about the expiry of one certificate, and over when that is renewed. */
  isAboutExpiry: boolean;
  /** Whether a new certificate mends it: one that comes while it is open is a repair, and no unexpected change. */
  isMendedByRenewal: boolean;
  /** Whether people who were notified of it are notified when it ends without a renewal. */
  isEndNews: boolean;
  /** What it is about, in words that stay the same while it grows worse: mail programs sort messages into threads by the subject, too. */
  topic: string;
  /** The mark of its row: that of its severity, or its own. */
  mark: 'severity' | 'unreachable';
  /** Its part of a digest, for a number of hosts; null: good news, which a digest leaves out. */
  digest: ((hosts: number) => string) | null;
  /** What happened as a title, and by when and what to do as a body. @param name what people call the job */
  text(name: string, facts: Facts, now: number): { title: string; body: string };
}

const renewRemedy = 'Renew the certificate, or check that automatic renewal still works.';

/** How old the news is that an alert goes by. */
function unseenWords(since: number): string {
  return `The host has been unreachable since ${dateInWords(since)}, so NotAfter cannot see whether it was renewed.`;
}

const dayMs = 86_400_000;
const verb = (hosts: number, one: string, many: string) => `${hosts} ${hosts === 1 ? one : many}`;

/**
 * Every kind of alert, complete. Their order is that in which a notification and a digest name alerts of equal severity.
 * To add a kind, add its facts above and its entry here, and raise it: where it lasts, by a condition in
 * `electron/engine/alerts/conditions.ts`, otherwise in `policy.ts` there. `problem` is the full example, `unreachable` the smallest.
 */
export const alertKinds: { readonly [Kind in AlertKind]: AlertKindEntry<AlertFacts[Kind]> } = {
  expired: {
    rule: 'expiry',
    isAboutExpiry: true,
    isMendedByRenewal: true,
    isEndNews: false,
    topic: 'certificate expiry',
    mark: 'severity',
    digest: (hosts) => `${hosts} expired`,
    text: (name, { leaf: { validTo }, unseenSince }, now) => ({
      title: `${name} expired ${expiryWords(validTo, now)}`,
      body:
        unseenSince === null
          ? `The certificate expired on ${dateInWords(validTo)}, and clients reject it. ${renewRemedy}`
          : `The last seen certificate expired on ${dateInWords(validTo)}. ${unseenWords(unseenSince)} ${renewRemedy}`,
    }),
  },
  expiring: {
    rule: 'expiry',
    isAboutExpiry: true,
    isMendedByRenewal: true,
    isEndNews: false,
    topic: 'certificate expiry',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'expires soon', 'expire soon'),
    text: (name, { leaf: { validTo }, unseenSince }, now) => ({
      title: `${name} expires ${expiryWords(validTo, now)}`,
      body:
        unseenSince === null
          ? `The certificate expires on ${dateInWords(validTo)}. ${renewRemedy}`
          : `The last seen certificate expires on ${dateInWords(validTo)}. ${unseenWords(unseenSince)} ${renewRemedy}`,
    }),
  },
  'renewal-overdue': {
    rule: 'expiry',
    isAboutExpiry: true,
    isMendedByRenewal: true,
    isEndNews: false,
    topic: 'certificate expiry',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'was not renewed as usual', 'were not renewed as usual'),
    text: (name, { leaf: { validTo }, leaves }, now) => ({
      title: `${name} was not renewed as usual`,
      body: `It was ${describeRenewals(leaves)}; this one expires ${expiryWords(validTo, now)}, on ${dateInWords(validTo)}. Check that automatic renewal still works.`,
    }),
  },
  unreachable: {
    rule: 'unreachable',
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: true,
    topic: 'unreachable',
    mark: 'unreachable',
    digest: (hosts) => `${hosts} cannot be reached`,
    text: (name, { message, since, count: checks }) => ({
      title: `${name} cannot be reached`,
      body: `${message} Unreachable since ${dateInWords(since)}, ${count(checks, 'check')} in a row.`,
    }),
  },
  problem: {
    rule: 'problems',
    isAboutExpiry: false,
    isMendedByRenewal: true,
    isEndNews: true,
    topic: 'certificate problem',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'has a problem', 'have problems'),
    text: (name, { problem: { code, message, remedy } }) => ({
      title: `${name} ${problemKind(code)?.matter ?? 'has a problem'}`,
      body: `${message} ${remedy}`,
    }),
  },
  'partly-renewed': {
    rule: 'expiry',
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: true,
    topic: 'not renewed everywhere',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'is not renewed everywhere', 'are not renewed everywhere'),
    text: (name, { renewed, stale, validTo }) => ({
      title: `${name} is not renewed everywhere`,
      body: copiesText(renewed, stale, dateInWords(validTo)),
    }),
  },
  unstable: {
    rule: null,
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: true,
    topic: 'unstable',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'is unstable', 'are unstable'),
    text: (name, { keys, turns, looks }) => ({
      title: `${name} is unstable`,
      body: `It changed ${turns} times in the last ${count(looks, 'check')}. In some of them it ${list(keys.map(matterOf))}. Problems that last for two hours alert separately.`,
    }),
  },
  changed: {
    rule: 'changes',
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: false,
    topic: 'certificate changed',
    mark: 'severity',
    digest: (hosts) => verb(hosts, 'shows a different certificate', 'show different certificates'),
    text(name, { from, to, isOtherIssuer, isOtherKey }) {
      const what = isOtherIssuer
        ? `It was issued by ${shortName(to.issuer)} instead of ${shortName(from.issuer)}`
        : 'It has a different key';
      const also = isOtherIssuer && isOtherKey ? ', and has a different key' : '';
      return {
        title: `${name} shows a different certificate`,
        body: `${what}${also}, although the previous certificate is valid until ${dateInWords(from.validTo)}. If you did not replace it, find out who did.`,
      };
    },
  },
  renewed: {
    rule: null,
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: false,
    topic: 'certificate renewed',
    mark: 'severity',
    digest: null,
    text(name, { from, to, isOtherIssuer }) {
      const { validFrom, validTo } = to;
      const issuers = isOtherIssuer
        ? ` It was issued by ${shortName(to.issuer)} instead of ${shortName(from.issuer)}.`
        : '';
      const days = Math.round((validTo - validFrom) / dayMs);
      return {
        title: `${name} was renewed${isOtherIssuer ? ' by another CA' : ''}`,
        body: `The new certificate is valid until ${dateInWords(validTo)}${days > 0 ? `, for ${count(days, 'day')} in all` : ''}.${issuers}`,
      };
    },
  },
  recovered: {
    rule: null,
    isAboutExpiry: false,
    isMendedByRenewal: false,
    isEndNews: false,
    topic: 'resolved',
    mark: 'severity',
    digest: null,
    text(name, { resolved, stillOpen }) {
      const keys = resolved.map(({ key }) => key);
      const others = stillOpen === 0 ? '' : ` Still open: ${count(stillOpen, 'other alert')}.`;
      return {
        title: `${name} ${recoveredWords(keys, stillOpen)}`,
        body: mendedWords(keys, stillOpen) + others,
      };
    },
  },
};

// SAFETY: the table has exactly the kinds as its keys, by its type.
export const alertKindNames = Object.keys(alertKinds) as [AlertKind, ...AlertKind[]];

/** Compares two kinds: negative where the first is named before the other. */
export function compareKinds(one: AlertKind, other: AlertKind): number {
  return alertKindNames.indexOf(one) - alertKindNames.indexOf(other);
}

/** Writes the text of an alert. @param name what people call the job @param now milliseconds since the epoch */
export function alertText(name: string, cause: AlertCause, now: number): { title: string; body: string } {
  // SAFETY: the entry of a kind takes the facts of that kind, by the table's type.
  const { text } = alertKinds[cause.kind] as AlertKindEntry<AlertCause>;
  return text(name, cause, now);
}

/** What is wrong, after the name of the job. @param key of a problem, or `unreachable` */
function matterOf(key: string): string {
  if (key === 'unreachable') return 'cannot be reached';
  return problemKind(codeOf(key))?.matter ?? 'has a problem';
}

const codeOf = (key: string) => key.slice(key.indexOf(':') + 1);

/** What ended, after the name of the job: all of what was wrong, or one thing of it. */
function recoveredWords(keys: readonly string[], stillOpen: number): string {
  if (keys.every((key) => key.startsWith('partly-renewed:'))) return 'is renewed everywhere';
  if (stillOpen === 0) return keys.join() === 'unstable' ? 'is stable again' : 'is OK again';
  if (keys.includes('unreachable')) return 'can be reached again';
  if (keys.includes('unstable')) return 'is stable again';
  const [first = '', ...more] = keys.map((key) => problemKind(codeOf(key))?.mended ?? 'a problem');
  return `has fixed ${more.length === 0 ? first : `${count(keys.length, 'problem')}`}`;
}

function mendedWords(keys: readonly string[], stillOpen: number): string {
  if (keys.every((key) => key.startsWith('partly-renewed:')))
    return 'No watched host or file shows the old certificate anymore.';
  const codes = keys.filter((key) => key.startsWith('problem:')).map(codeOf);
  if (codes.length > 0) return `Fixed: ${list(codes.map((code) => problemKind(code)?.mended ?? code))}.`;
  if (stillOpen > 0)
    return keys.includes('unreachable') ? 'It answers again.' : 'It has not changed for a while.';
  return 'It can be reached, and its certificate has no problems.';
}
