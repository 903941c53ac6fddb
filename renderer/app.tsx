import { Loader } from '@mantine/core';
import { Suspense, use, useMemo, useState } from 'react';
import type { JobView } from '../shared/job.ts';
import { AlertsView } from './alerts/alerts-view.tsx';
import type { Api } from './api.ts';
import classes from './app.module.css';
import { JobDetailPane } from './certificate/job-detail.tsx';
import { useNow } from './components/use-now.ts';
import { showJob, useRoute } from './components/use-route.ts';
import { DeleteDialog } from './jobs/delete-dialog.tsx';
import { type Filter, noFilter } from './jobs/filters.ts';
import { JobForm } from './jobs/job-form.tsx';
import { JobsView } from './jobs/jobs-view.tsx';
import { useJobs } from './jobs/use-jobs.ts';
import { SettingsView } from './settings/settings-view.tsx';
import { Sidebar } from './sidebar.tsx';

interface AppProps {
  connection: Promise<Api>;
  /** Called where the engine does not accept the token. */
  onRefused?: () => void;
}

/** The page, once it is connected. */
export function App(props: AppProps) {
  return (
    <Suspense
      fallback={
        <Loader size="sm" style={{ position: 'fixed', inset: 0, margin: 'auto' }} aria-label="Connecting" />
      }
    >
      <ConnectedApp {...props} />
    </Suspense>
  );
}

/** Which dialog is open: the form for a new job or for one to edit, or the question before one is deleted. */
type Dialog = { kind: 'form'; job: JobView | null } | { kind: 'delete'; job: JobView } | null;

function ConnectedApp({ connection, onRefused }: AppProps) {
  const api = use(connection);
  const { jobs, freshness, state, alertsHeard } = useJobs(api, onRefused);
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [dialog, setDialog] = useState<Dialog>(null);
  const route = useRoute();
  const now = useNow();
  const selected = useMemo(
    () =>
      route.view === 'jobs' && route.jobId !== null ? jobs.find(({ id }) => id === route.jobId) : undefined,
    [jobs, route],
  );
  const close = () => setDialog(null);

  return (
    <div className={classes['frame']} data-detail={selected ? true : undefined}>
      <Sidebar jobs={jobs} route={route} filter={filter} onFilter={setFilter} />
      {route.view === 'jobs' && (
        <JobsView
          api={api}
          jobs={jobs}
          freshness={freshness}
          state={state}
          now={now}
          filter={filter}
          selectedId={selected?.id ?? null}
          onFilter={setFilter}
          onAdd={() => setDialog({ kind: 'form', job: null })}
        />
      )}
      {route.view === 'alerts' && <AlertsView api={api} alertsHeard={alertsHeard} jobs={jobs} now={now} />}
      {route.view === 'settings' && <SettingsView api={api} />}
      {selected && (
        <JobDetailPane
          key={selected.id}
          api={api}
          job={selected}
          now={now}
          onClose={() => showJob(null)}
          onEdit={() => setDialog({ kind: 'form', job: selected })}
          onDelete={() => setDialog({ kind: 'delete', job: selected })}
        />
      )}
      {dialog?.kind === 'form' && <JobForm api={api} job={dialog.job} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteDialog api={api} job={dialog.job} onClose={close} />}
    </div>
  );
}
