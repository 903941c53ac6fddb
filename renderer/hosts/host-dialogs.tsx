import type { JobView } from '../../shared/schema/job.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { countTags } from './list/filters.ts';
import type { HostDialog } from './use-host-actions.ts';

const JobForm = lazyComponent(async () => (await import('./form/job-form.tsx')).JobForm);
const AcceptDialog = lazyComponent(async () => (await import('./accept-dialog.tsx')).AcceptDialog);
const TagsDialog = lazyComponent(async () => (await import('./bulk/bulk-dialogs.tsx')).TagsDialog);
const ScheduleDialog = lazyComponent(async () => (await import('./bulk/bulk-dialogs.tsx')).ScheduleDialog);

interface HostDialogsProps {
  dialog: HostDialog;
  jobs: readonly JobView[];
  now: number;
  onClose: () => void;
}

/** Shows the dialog that an action on hosts opened. */
export function HostDialogs({ dialog, jobs, now, onClose }: HostDialogsProps) {
  switch (dialog.kind) {
    case 'form':
      return (
        <JobForm
          job={dialog.job}
          jobs={jobs}
          example={dialog.example ?? null}
          text={dialog.text ?? ''}
          onClose={onClose}
        />
      );
    case 'accept':
      return <AcceptDialog jobs={dialog.jobs} code={dialog.code} all={jobs} now={now} onClose={onClose} />;
    case 'tags':
      return (
        <TagsDialog
          jobs={jobs.filter(({ id }) => dialog.ids.includes(id))}
          tags={countTags(jobs).map(([tag]) => tag)}
          onClose={onClose}
        />
      );
    case 'schedule':
      return <ScheduleDialog jobs={jobs.filter(({ id }) => dialog.ids.includes(id))} onClose={onClose} />;
  }
}
