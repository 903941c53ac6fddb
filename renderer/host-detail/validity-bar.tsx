import { isCounted } from '../../shared/domain/severity.ts';
import type { Certificate } from '../../shared/schema/certificate.ts';
import type { Problem } from '../../shared/schema/check-result.ts';
import { Time } from '../components/time.tsx';
import { exactDate, exactTime } from '../lib/dates.ts';
import classes from './validity-bar.module.css';

interface ValidityBarProps {
  certificate: Certificate;
  problems: readonly Problem[];
  now: number;
}

/** Shows the certificate's lifetime as a bar, filled up to today. */
export function ValidityBar({ certificate: { validFrom, validTo }, problems, now }: ValidityBarProps) {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  const share = Math.min(1, Math.max(0, (now - from) / (to - from)));
  const level =
    problems.filter(isCounted).find(({ code }) => code === 'expired' || code === 'expiring')?.severity ??
    'ok';
  return (
    <section>
      <h3>Validity</h3>
      <div
        className={classes['bar']}
        role="img"
        aria-label={`Valid from ${exactTime(validFrom)} to ${exactTime(validTo)}; ${Math.round(share * 100)} % used`}
      >
        <span data-level={level} style={{ width: `${share * 100}%` }} />
        <em style={{ left: `calc(${share * 100}% - 1px)` }} />
      </div>
      <div className={classes['ends']}>
        <Time at={validFrom}>{exactDate(from)}</Time>
        <Time at={validTo}>{exactDate(to)}</Time>
      </div>
    </section>
  );
}
