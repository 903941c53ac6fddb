import { shortName } from '../../shared/domain/distinguished-name.ts';
import { describeRenewals } from '../../shared/domain/renewals.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { capitalise, count } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { exactDate } from '../lib/dates.ts';
import classes from './job-detail.module.css';

const dayMs = 86_400_000;

/** Shows every certificate that the host has presented, newest first, and what changed. */
export function CertificateHistory({ certificates }: { certificates: readonly Sighting[] }) {
  if (certificates.length < 2) return null;
  const habit = describeRenewals(certificates);
  return (
    <section>
      <h3>Certificate history</h3>
      {habit && <p className={classes['habit']}>{capitalise(habit)}.</p>}
      <ol className={classes['history']}>
        {certificates.map((one, index) => (
          <li key={one.fingerprint256} title={`SHA-256 ${one.fingerprint256}`}>
            <span>
              Seen <Time at={one.firstSeenAt}>{exactDate(one.firstSeenAt)}</Time> to{' '}
              <Time at={one.lastSeenAt}>{exactDate(one.lastSeenAt)}</Time>, valid until{' '}
              <Time at={one.validTo}>{exactDate(one.validTo)}</Time>
            </span>
            <small>{changes(one, certificates[index + 1])}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Describes the difference from the previous certificate; the first one names its issuer. */
function changes(one: Sighting, before: Sighting | undefined): string {
  const issuer = shortName(one.issuer);
  if (!before) return `Issued by ${issuer}`;
  const parts: string[] = [];
  const lead = Math.floor((Date.parse(before.validTo) - Date.parse(one.firstSeenAt)) / dayMs);
  if (Date.parse(one.validTo) > Date.parse(before.validTo))
    parts.push(
      lead >= 0
        ? `renewed ${count(lead, 'day')} before expiry`
        : `renewed ${count(-lead, 'day')} after expiry`,
    );
  else parts.push('expires before the previous one');
  if (one.issuer !== before.issuer) parts.push(`issuer ${shortName(before.issuer)} → ${issuer}`);
  if (one.subject !== before.subject)
    parts.push(`subject ${shortName(before.subject)} → ${shortName(one.subject)}`);
  const lifetime = (seen: Sighting) =>
    Math.round((Date.parse(seen.validTo) - Date.parse(seen.validFrom)) / dayMs);
  if (lifetime(one) !== lifetime(before)) parts.push(`lifetime ${lifetime(before)} → ${lifetime(one)} days`);
  return capitalise(parts.join(', '));
}
