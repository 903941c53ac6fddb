import type { CheckResult } from '../../shared/schema/check-result.ts';
import { describeSchedule } from '../../shared/schema/describe-schedule.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { Thresholds } from '../../shared/schema/thresholds.ts';
import { formatThreshold } from '../../shared/schema/thresholds.ts';
import { capitalise, relative } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { exactDate } from '../lib/dates.ts';
import { Fact } from './fact.tsx';
import classes from './job-detail.module.css';
import type { EffectiveRules } from './use-job-detail.ts';

interface ConnectionSectionProps {
  job: JobView;
  result: CheckResult | null;
  rules: EffectiveRules | null;
  now: number;
}

/** Shows how the host was reached, when it is checked, and by which thresholds. */
export function ConnectionSection({ job, result, rules, now }: ConnectionSectionProps) {
  const { lastCheck, nextDueAt, tags, schedule } = job;
  return (
    <section>
      <h3>Connection and checks</h3>
      <dl className={classes['facts']}>
        {result?.certificate && <ReachedFacts result={result} />}
        {lastCheck && (
          <Fact name="Last check">
            <Time at={lastCheck.checkedAt}>
              {relative(Date.parse(lastCheck.checkedAt), Math.max(now, Date.parse(lastCheck.checkedAt) + 1))}
            </Time>
          </Fact>
        )}
        {nextDueAt && (
          <Fact name="Next check">
            <Time at={nextDueAt}>
              {Date.parse(nextDueAt) <= now ? 'now' : relative(Date.parse(nextDueAt), now)}
            </Time>
          </Fact>
        )}
        <Fact name="Schedule">{capitalise(describeSchedule(schedule))}</Fact>
        {rules && (
          <Fact name="Thresholds">
            {thresholdWords(rules.thresholds, 'warning')}{' '}
            <span className="dim">({rules.origins.warning})</span>
            <br />
            {thresholdWords(rules.thresholds, 'critical')}{' '}
            <span className="dim">({rules.origins.critical})</span>
          </Fact>
        )}
        {tags.length > 0 && <Fact name="Tags">{tags.join(', ')}</Fact>}
      </dl>
    </section>
  );
}

function ReachedFacts({ result }: { result: CheckResult }) {
  const { protocol, cipher, address, addresses, certificates, timings } = result;
  return (
    <>
      {protocol && (
        <Fact name="Protocol">{[protocol.replace('TLSv', 'TLS '), cipher].filter(Boolean).join(', ')}</Fact>
      )}
      {address && (
        <Fact name="Address" copy={address}>
          <span title={addresses?.map((one) => `${one.address}: ${one.status}`).join('\n')}>
            {address}
            {addresses && ` (the worst of ${addresses.length})`}
          </span>
        </Fact>
      )}
      {certificates && (
        <Fact name="Certificates">
          {certificates
            .map(
              ({ keyType, validTo }) =>
                `${keyType === 'ec' ? 'ECDSA' : keyType.toUpperCase()} until ${exactDate(validTo)}`,
            )
            .join(', ')}
        </Fact>
      )}
      <Fact name="Response time">
        <span title={timeParts(timings)}>{milliseconds(timings.total)}</span>
      </Fact>
    </>
  );
}

const defaultWords = {
  warning: '¼ of the lifetime, at most 30 days',
  critical: '⅒ of the lifetime, at most 7 days',
} as const;

function thresholdWords(thresholds: Thresholds, level: 'warning' | 'critical'): string {
  const threshold = thresholds[level];
  const amount = threshold === null ? defaultWords[level] : formatThreshold(threshold);
  return `${level === 'warning' ? 'Warning' : 'Critical'} below ${amount}`;
}

function milliseconds(ms: number): string {
  return `${ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms`;
}

/** Returns the parts of the time, one per line. */
function timeParts({ dns, tcp, starttls, tls }: CheckResult['timings']): string {
  const parts: [string, number | null][] = [
    ['DNS', dns],
    ['TCP', tcp],
    ['STARTTLS', starttls],
    ['TLS', tls],
  ];
  return parts.flatMap(([label, ms]) => (ms === null ? [] : `${label} ${milliseconds(ms)}`)).join('\n');
}
