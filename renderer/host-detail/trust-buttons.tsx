import { Button } from '@mantine/core';
import { jobName } from '../../shared/domain/job-name.ts';
import type { CheckResult, ProblemCode } from '../../shared/schema/check-result.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { showUndoToast } from '../components/undo-toast.tsx';
import { announce } from '../lib/announce.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

/** Problems that end once what the host shows is trusted. */
const endedByTrust: ReadonlySet<ProblemCode> = new Set(['self-signed', 'untrusted-issuer']);

interface TrustButtonsProps {
  job: JobView;
  result: CheckResult;
  code: ProblemCode;
}

/** Trusts the CA that a host shows, or its only certificate, for this host or for all, with undo. */
export function TrustButtons({ job, result, code }: TrustButtonsProps) {
  const api = useApi();
  const top = result.chain.at(-1);
  if (!top || !endedByTrust.has(code)) return null;
  const what = result.chain.length > 1 ? 'CA' : 'certificate';
  const { id } = job;
  const { fingerprint256 } = top;
  const trust = async (scope: 'host' | 'all') => {
    const checkAgain = () => api.jobs.checkAll({ ids: [id] });
    const trusting = api.jobs.trust({ id, fingerprint256, scope }).then(checkAgain);
    if (!(await reportFailure(trusting, `Could not trust this ${what}`))) return;
    const whom = scope === 'all' ? 'all hosts' : jobName(job);
    showUndoToast({
      key: `trust ${id} ${Date.now()}`,
      message: `${what === 'CA' ? 'CA' : 'Certificate'} trusted for ${whom}`,
      label: `Undo trusting this ${what}`,
      undo: () =>
        void reportFailure(
          api.jobs.untrust({ id, fingerprint256, scope }).then(checkAgain),
          `Could not undo trusting this ${what}`,
        ),
    });
    announce(`${what} trusted for ${whom}. Press Control Z to undo.`);
  };
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => void trust('host')}>
        Trust this {what}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void trust('all')}>
        Trust it for all hosts
      </Button>
    </>
  );
}
