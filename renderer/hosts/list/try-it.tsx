import { Button } from '@mantine/core';
import { useState } from 'react';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { JobInput } from '../../../shared/schema/job.ts';
import { expiryWords } from '../../../shared/text/words.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { LiveText, Time } from '../../components/time.tsx';
import { useApi } from '../../lib/api-context.tsx';
import { sentenceOf } from '../../lib/report-failure.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from './try-it.module.css';

interface TryItProps {
  /** Reads the job from the form; null if a field is invalid. */
  read: () => JobInput | null;
  /** Called with a validation error, to be shown at its field. */
  onRefused: (error: unknown) => boolean;
}

type Outcome = { result: CheckResult } | { failure: string };

/** Checks once before anything is saved, and shows the certificate. */
export function useTry({ read, onRefused }: TryItProps) {
  const api = useApi();
  const [isTrying, setTrying] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const tryIt = async () => {
    const job = read();
    if (!job) return;
    setTrying(true);
    setOutcome(null);
    try {
      const { target, thresholds, caFiles, connection } = job;
      setOutcome({ result: await api.check({ target, thresholds, caFiles, connection }) });
    } catch (error) {
      if (!onRefused(error)) setOutcome({ failure: sentenceOf(error) });
    } finally {
      setTrying(false);
    }
  };
  return {
    run: tryIt,
    forget: () => setOutcome(null),
    button: (
      <Button variant="default" size="sm" loading={isTrying} onClick={() => void tryIt()}>
        Test connection
      </Button>
    ),
    shown: outcome && <TryOutcome outcome={outcome} />,
  };
}

function TryOutcome({ outcome }: { outcome: Outcome }) {
  const now = useNow();
  if ('failure' in outcome)
    return (
      <p role="alert" className={classes['outcome']}>
        {outcome.failure}
      </p>
    );
  const { status, problems, certificate } = outcome.result;
  return (
    <section className={classes['outcome']} aria-label="Test result" role="status" data-status={status}>
      <StatusMark mark={status} size={18} />
      <div>
        {certificate && (
          <p>
            <b>{shortName(certificate.subject) || certificate.sans[0]}</b>, issued by{' '}
            {shortName(certificate.issuer)},{' '}
            <Time at={certificate.validTo}>
              {Date.parse(certificate.validTo) < now ? 'expired' : 'expires'}{' '}
              {expiryWords(certificate.validTo, now)}
            </Time>
            .
          </p>
        )}
        {problems.map(({ code, message, remedy }) => (
          <p key={code}>
            <LiveText text={message} now={now} /> <span className="dim">{remedy}</span>
          </p>
        ))}
        {!problems.some(isCounted) && <p className="dim">No problems found.</p>}
      </div>
    </section>
  );
}
