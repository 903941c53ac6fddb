import { dateInWords, expiryWords } from '../../text/words.ts';
import { expiryStage, limitedValidity } from '../expiry.ts';
import { quote, stageOf, time } from './evidence.ts';
import { clientLimitDays, maxLifetimeDays } from './lifetime-limits.ts';
import type { ProblemKind } from './problem-kind.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Problems of dates: of the leaf, and of what it is verified by. */
export const dateProblems = {
  expired: {
    label: 'Expired',
    matter: 'has expired',
    mended: 'an expired certificate',
    severity: 'critical',
    dependsOnTime: true,
    find({ leaf, thresholds, now }) {
      if (stageOf(leaf, thresholds, now) !== 'expired') return null;
      return {
        message: `Expired ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
        remedy: 'Renew the certificate and reload the server. Clients reject the current one.',
      };
    },
  },

  'not-yet-valid': {
    label: 'Not valid yet',
    matter: 'is not valid yet',
    mended: 'a certificate that was not valid yet',
    severity: 'critical',
    dependsOnTime: true,
    find({ leaf, now }) {
      if (now >= time(leaf.validFrom)) return null;
      return {
        message: `Not valid before ${dateInWords(leaf.validFrom)}.`,
        remedy: 'Check the clocks of this machine and the CA. Serve the previous certificate until then.',
      };
    },
  },

  expiring: {
    label: 'Expiring',
    matter: 'expires soon',
    mended: 'a certificate that was about to expire',
    severity: 'warning',
    dependsOnTime: true,
    find({ leaf, thresholds, now }) {
      const level = stageOf(leaf, thresholds, now);
      if (level === 'fine' || level === 'expired') return null;
      return {
        severity: level,
        message: `Expires ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
        remedy: 'Renew the certificate, or check that automatic renewal still works.',
      };
    },
  },

  'intermediate-expiring': {
    label: 'Intermediate expires first',
    matter: 'has an intermediate that expires first',
    mended: 'an intermediate that expired first',
    severity: 'warning',
    dependsOnTime: true,
    find({ chain: { firstExpiry }, leaf, thresholds, now }) {
      if (!firstExpiry) return null;
      const validTo = time(firstExpiry.validTo);
      if (validTo >= time(leaf.validTo) && validTo >= now) return null;
      const limit = limitedValidity(
        { validFrom: time(leaf.validFrom), validTo: time(leaf.validTo) },
        validTo,
      );
      const stage = expiryStage(limit, thresholds, now);
      if (stage === 'fine') return null;
      const verb = stage === 'expired' ? 'expired' : 'expires';
      return {
        severity: stage === 'warning' ? 'warning' : 'critical',
        message: `“${firstExpiry.name}”, further up the chain, ${verb} ${expiryWords(validTo, now)}, on ${dateInWords(validTo)}, before the certificate itself does.`,
        remedy: firstExpiry.isRoot
          ? 'Add the CA’s renewed root under CA files, or update the roots of this system. Clients need the new root, too.'
          : 'Reissue the certificate from the CA’s current intermediate, and serve the new chain.',
      };
    },
  },

  'issuer-not-yet-valid': {
    label: 'Issuer not valid yet',
    matter: 'has an issuer that is not valid yet',
    mended: 'an issuer that was not valid yet',
    severity: 'critical',
    find({ chain, now }) {
      const early = chain.path.slice(1).find(({ validFrom }) => now < time(validFrom));
      if (!early) return null;
      return {
        message: `${quote(early)}, further up the chain, is not valid before ${dateInWords(early.validFrom)}.`,
        remedy: 'Check the clocks of this machine and the CA. Serve the previous chain until then.',
      };
    },
  },

  'validity-too-long': {
    label: 'Valid for too long',
    matter: 'is valid for longer than allowed',
    mended: 'a lifetime that was too long',
    severity: 'warning',
    find({ leaf, chain }) {
      if (!chain.isPublic) return null;
      const limit = maxLifetimeDays(time(leaf.validFrom));
      // A lifetime counts its last second, so exactly the limit reads as a second less (Baseline Requirements §6.3.2).
      const days = (time(leaf.validTo) + 1000 - time(leaf.validFrom)) / dayMs;
      if (days <= limit) return null;
      return {
        severity: days > clientLimitDays(time(leaf.validFrom)) ? 'critical' : 'warning',
        message: `Valid for ${Math.ceil(days)} days. Public CAs may issue certificates for at most ${limit} days.`,
        remedy: 'Reissue it with a shorter lifetime. Some clients reject this one.',
      };
    },
  },
} as const satisfies Record<string, ProblemKind>;
