import { memo } from 'react';
import type { JobView } from '../../shared/schema/job.ts';
import { Button } from '../components/button.tsx';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

/** Starts the checks of all hosts. The footer shows their progress. */
export const CheckAll = memo(function CheckAllButton({ jobs }: { jobs: readonly JobView[] }) {
  const api = useApi();
  return (
    <Button
      variant="default"
      disabled={jobs.length === 0}
      onClick={() => void reportFailure(api.jobs.checkAll(), 'Could not start the checks')}
    >
      Check all
    </Button>
  );
});
