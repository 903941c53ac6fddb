import { shortName } from '../../shared/domain/distinguished-name.ts';
import { limitedValidity, thresholdAt } from '../../shared/domain/expiry.ts';
import type { Certificate } from '../../shared/schema/certificate.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import { defaultThresholds, type Thresholds } from '../../shared/schema/thresholds.ts';
import { expiryWords } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { exactDate, exactTime } from '../lib/dates.ts';
import classes from './days-left.module.css';

interface DaysLeftProps {
  certificate: Certificate;
  /** What ends first of the path; null: the certificate itself. */
  first: CheckResult['earliestExpiry'];
  thresholds: Thresholds | null;
  /** When it should be renewed, going by earlier renewals; null: unknown. */
  renewalAt: string | null;
  now: number;
}

/**
 * Says how long the certificate is still good, which is until the first link of its path ends, on a bar of that time with
 * thresholds and expected renewal.
 */
export function DaysLeft({ certificate, first, thresholds, renewalAt, now }: DaysLeftProps) {
  const { validFrom } = certificate;
  const limit = first !== null && first.role !== 'leaf' ? first : null;
  const validTo = limit?.validTo ?? certificate.validTo;
  const own = { validFrom: Date.parse(validFrom), validTo: Date.parse(certificate.validTo) };
  const times = { validFrom: own.validFrom, validTo: Date.parse(validTo) };
  const length = Math.max(1, times.validTo - times.validFrom);
  const place = (time: number) => Math.min(100, Math.max(0, (100 * (time - times.validFrom)) / length));
  const marks = { warning: 0, critical: 0 };
  for (const level of ['warning', 'critical'] as const)
    marks[level] = thresholdAt(level, limitedValidity(own, times.validTo), thresholds ?? defaultThresholds);
  const today = place(now);
  const part = (level: string, from: number, to: number) => {
    const [left, right] = [Math.max(today, place(from)), place(to)];
    return right > left && <i data-level={level} style={{ left: `${left}%`, width: `${right - left}%` }} />;
  };
  const isOver = now > times.validTo;
  return (
    <section>
      <div className={classes['head']}>
        <h3>
          {isOver ? 'Expired' : 'Expires'} {expiryWords(times.validTo, now)}
        </h3>
        <Time at={validTo}>{exactTime(validTo)}</Time>
      </div>
      {limit && (
        <p className="dim">
          With “{shortName(limit.subject)}”, further up the chain; the certificate itself{' '}
          {expiryWords(own.validTo, now)}
        </p>
      )}
      <div
        className={classes['bar']}
        role="img"
        aria-label={`Valid from ${exactTime(validFrom)} to ${exactTime(validTo)}; ${Math.round(today)} % used`}
      >
        <i data-level="used" style={{ left: 0, width: `${today}%` }} />
        {part('ok', times.validFrom, marks.warning)}
        {part('warning', marks.warning, marks.critical)}
        {part('critical', marks.critical, times.validTo)}
        {renewalAt !== null && (
          <b className={classes['renewal']} style={{ left: `${place(Date.parse(renewalAt))}%` }} />
        )}
        <em style={{ left: `${today}%` }} />
      </div>
      <div className={classes['ends']}>
        <Time at={validFrom}>{exactDate(validFrom)}</Time>
        <Time at={validTo}>{exactDate(validTo)}</Time>
      </div>
      <dl className={classes['legend']}>
        {renewalAt !== null && (
          <Mark level="renewal" name="Renewal expected" at={Date.parse(renewalAt)} now={now} />
        )}
        {!isOver && <Mark level="warning" name="Warning" at={marks.warning} now={now} />}
        {!isOver && <Mark level="critical" name="Critical" at={marks.critical} now={now} />}
      </dl>
    </section>
  );
}

function Mark({ level, name, at, now }: { level: string; name: string; at: number; now: number }) {
  return (
    <>
      <dt>
        <i data-level={level} />
        {name}
      </dt>
      <dd>
        <Time at={at}>{exactDate(at)}</Time> <span className="dim">{expiryWords(at, now)}</span>
      </dd>
    </>
  );
}
