import { Button } from '@mantine/core';
import { acceptanceOf } from '../../shared/domain/acceptance.ts';
import type { Problem } from '../../shared/schema/check-result.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText, Time } from '../components/time.tsx';
import { useApi } from '../lib/api-context.tsx';
import { shortTime } from '../lib/dates.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './job-detail.module.css';

interface AcceptedProblemsProps {
  job: JobView;
  problems: readonly Problem[];
  now: number;
}

/** Lists the accepted problems of a host, each with its reason and end. */
export function AcceptedProblems({ job, problems, now }: AcceptedProblemsProps) {
  const api = useApi();
  if (problems.length === 0) return null;
  return (
    <ul className={classes['problems']} aria-label="Accepted problems">
      {problems.map((problem) => {
        const { code, message } = problem;
        const kept = acceptanceOf(problem, job.accepted, job.lastCheck?.fingerprint256 ?? null, now);
        return (
          <li key={code} data-mark="accepted">
            <StatusMark mark="accepted" size={18} />
            <div>
              <p>
                <LiveText text={message} now={now} />
              </p>
              <small>Accepted: {kept?.reason}</small>
              {kept?.fingerprint256 && <small>Until the certificate changes</small>}
              {kept?.until && (
                <small>
                  Until <Time at={kept.until}>{shortTime(kept.until)}</Time>
                </small>
              )}
              <Button
                size="compact-xs"
                variant="default"
                mt={6}
                aria-label={`Undo accepting ${code}`}
                onClick={() =>
                  void reportFailure(
                    api.jobs.unaccept({ id: job.id, problem: code }),
                    'Could not undo accepting the problem',
                  )
                }
              >
                Undo
              </Button>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
