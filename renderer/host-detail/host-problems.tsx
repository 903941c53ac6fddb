import { Button, Group } from '@mantine/core';
import { describeRenewals } from '../../shared/domain/renewals.ts';
import { isCounted } from '../../shared/domain/severity.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { LiveText } from '../components/time.tsx';
import { useCheckState } from '../hosts/checks-context.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import classes from './job-detail.module.css';
import { TrustButtons } from './trust-buttons.tsx';

const AcceptedProblems = lazyComponent(
  async () => (await import('./accepted-problems.tsx')).AcceptedProblems,
);

interface HostProblemsProps {
  job: JobView;
  result: CheckResult | null;
  certificates: readonly Sighting[];
  now: number;
  actions: HostActions;
}

const firstCheckWords = {
  running: 'The first check is running.',
  waiting: 'The first check waits until others have finished.',
  none: 'Not checked yet.',
} as const;

/** Says what is wrong with the host and what to do, the worst first. */
export function HostProblems({ job, result, certificates, now, actions }: HostProblemsProps) {
  const state = useCheckState(job);
  if (!job.lastCheck) return <p role="status">{firstCheckWords[state ?? 'none']}</p>;
  if (!result) return <div className={classes['skeleton']} role="status" aria-label="Loading" />;
  const problems = result.problems.filter(isCounted);
  const accepted = result.problems.filter((problem) => problem.accepted);
  if (problems.length === 0 && accepted.length > 0)
    return <AcceptedProblems job={job} problems={accepted} now={now} />;
  if (problems.length === 0) {
    return (
      <div className={classes['fine']}>
        <StatusMark mark="ok" size={18} label="" />
        <b>No problems found</b>
      </div>
    );
  }
  const overdue = overdueWords(job, certificates, now);
  return (
    <>
      <ul className={classes['problems']} aria-label="Problems">
        {problems.map(({ code, severity, message, remedy }) => {
          const mark = code === 'unreachable' ? 'unreachable' : severity;
          return (
            <li key={code} data-mark={mark}>
              <StatusMark mark={mark} size={18} />
              <div>
                <p>
                  <b>
                    <LiveText text={message} now={now} />
                  </b>
                </p>
                {code === 'expiring' && overdue && <small>{overdue}</small>}
                <small>{remedy}</small>
                <Group gap={6} mt={6}>
                  <TrustButtons job={job} result={result} code={code} />
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Accept ${code}`}
                    onClick={() => actions.accept([job], code)}
                  >
                    Accept…
                  </Button>
                </Group>
              </div>
            </li>
          );
        })}
      </ul>
      {accepted.length > 0 && <AcceptedProblems job={job} problems={accepted} now={now} />}
    </>
  );
}

/** Describes earlier renewals if this one is overdue; null otherwise. */
function overdueWords({ lastCheck }: JobView, certificates: readonly Sighting[], now: number): string | null {
  const overdueAt = lastCheck?.renewalOverdueAt;
  const habit = describeRenewals(certificates);
  if (!overdueAt || !habit || Date.parse(overdueAt) > now) return null;
  return `Renewal is overdue: it was ${habit}.`;
}
