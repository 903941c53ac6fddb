import { Button } from '@mantine/core';
import { useState } from 'react';
import { shortName } from '../../shared/domain/distinguished-name.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { count } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { exactDate } from '../lib/dates.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import classes from './job-detail.module.css';

const CompareDialog = lazyComponent(async () => (await import('./compare-dialog.tsx')).CompareDialog);

const dayMs = 86_400_000;

interface CertificateHistoryProps {
  jobId: string;
  certificates: readonly Sighting[];
}

/**
 * Shows every certificate that the host has presented, newest first, and when it was renewed. Most have the issuer of the
 * one before: another one is named where it changed.
 */
export function CertificateHistory({ jobId, certificates }: CertificateHistoryProps) {
  const [compared, setCompared] = useState<number | null>(null);
  const [now, before] = compared === null ? [] : certificates.slice(compared, compared + 2);
  if (certificates.length < 2) return null;
  return (
    <section>
      <h3>Certificate history</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the table scrolls where it is too wide. */}
      <section className={classes['table']} tabIndex={0} aria-label="All certificates">
        <table>
          <thead>
            <tr>
              <th scope="col">In use since</th>
              <th scope="col">Expires</th>
              <th scope="col">Renewed at</th>
              <th scope="col">
                <span className="unseen">Compare</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {certificates.map((one, index) => (
              <tr key={one.fingerprint256} title={`SHA-256 ${one.fingerprint256}`}>
                <td>
                  <Time at={one.firstSeenAt}>{exactDate(one.firstSeenAt)}</Time>
                  {changes(one, certificates[index + 1]).map((change) => (
                    <small key={change}>{change}</small>
                  ))}
                </td>
                <td>
                  <Time at={one.validTo}>{exactDate(one.validTo)}</Time>
                </td>
                <td>{index === 0 ? 'In use' : renewalWords(one, certificates[index - 1])}</td>
                <td>
                  {index < certificates.length - 1 && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Compare the certificate of ${exactDate(one.firstSeenAt)} with the previous one`}
                      onClick={() => setCompared(index)}
                    >
                      Compare
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {now && before && (
        <CompareDialog jobId={jobId} before={before} now={now} onClose={() => setCompared(null)} />
      )}
    </section>
  );
}

/** Says how many days a certificate had left when the next one was first seen. */
function renewalWords(one: Sighting, next: Sighting | undefined): string {
  if (!next) return '';
  const days = Math.floor((Date.parse(one.validTo) - Date.parse(next.firstSeenAt)) / dayMs);
  return days >= 0 ? `${count(days, 'day')} left` : `${count(-days, 'day')} late`;
}

/** Describes the difference from the previous certificate besides its dates. */
function changes(one: Sighting, before: Sighting | undefined): string[] {
  if (!before) return [];
  const lifetime = (seen: Sighting) =>
    Math.round((Date.parse(seen.validTo) - Date.parse(seen.validFrom)) / dayMs);
  return [
    one.issuer !== before.issuer && `issuer was ${shortName(before.issuer)}`,
    one.subject !== before.subject && `subject was ${shortName(before.subject)}`,
    lifetime(one) !== lifetime(before) && `lifetime ${lifetime(before)} → ${lifetime(one)} days`,
    Date.parse(one.validTo) <= Date.parse(before.validTo) && 'expires before the previous one',
  ].filter((change) => change !== false);
}
