import { useEffect, useMemo, useState } from 'react';
import { jobName } from '../shared/domain/job-name.ts';
import type { JobView } from '../shared/schema/job.ts';
import classes from './app.module.css';
import { JobsView } from './hosts/jobs-view.tsx';
import { type Filter, noFilter } from './hosts/list/filters.ts';
import { useDeletion } from './hosts/use-deletion.tsx';
import { useJobs } from './hosts/use-jobs.ts';
import { Sidebar } from './layout/sidebar.tsx';
import type { Api } from './lib/api.ts';
import { ApiProvider } from './lib/api-context.tsx';
import { lazyComponent } from './lib/lazy-component.tsx';
import { useNow } from './lib/use-now.ts';
import { showJob, useRoute } from './lib/use-route.ts';

// The list is what a person waits for; the rest comes once it is painted.
const JobDetailPane = lazyComponent(async () => (await import('./host-detail/job-detail.tsx')).JobDetailPane);
const JobForm = lazyComponent(async () => (await import('./hosts/form/job-form.tsx')).JobForm);
const CommandPalette = lazyComponent(
  async () => (await import('./layout/command-palette.tsx')).CommandPalette,
);
const AlertsView = lazyComponent(async () => (await import('./alerts/alerts-view.tsx')).AlertsView);
const SettingsView = lazyComponent(async () => (await import('./settings/settings-view.tsx')).SettingsView);

interface AppProps {
  connection: Api | Promise<Api>;
  /** Called where the engine does not accept the token. */
  onRefused?: () => void;
}

/**
 * The page, once it is connected. Not by Suspense: React holds back for 300 ms what has shown a fallback, and the page is
 * there sooner.
 */
export function App({ connection, onRefused }: AppProps) {
  // A client is a function to React, which would call it: it is kept in an object.
  const [connected, setConnected] = useState(() =>
    connection instanceof Promise ? null : { api: connection },
  );
  useEffect(() => {
    if (connection instanceof Promise) void connection.then((api) => setConnected({ api }));
  }, [connection]);
  if (!connected) {
    return <div className="first-frame" role="status" aria-label="Connecting" />; // As index.html has it.
  }
  return (
    <ApiProvider api={connected.api}>
      <ConnectedApp {...(onRefused ? { onRefused } : {})} />
    </ApiProvider>
  );
}

/** Which dialog is open: the form for a new job (null) or for one to edit; for a new one, with an example in it. */
type Dialog = { kind: 'form'; job: JobView | null; example?: string } | null;

function ConnectedApp({ onRefused }: { onRefused?: () => void }) {
  const { jobs: all, freshness, state, alertsHeard } = useJobs(onRefused);
  const deletion = useDeletion();
  const { hidden } = deletion;
  const jobs = useMemo(
    () => (hidden.size === 0 ? all : all.filter(({ id }) => !hidden.has(id))),
    [all, hidden],
  );
  const remove = (gone: readonly JobView[]) => {
    const [first] = gone;
    if (!first) return;
    if (gone.some(({ id }) => id === selected?.id)) showJob(null);
    deletion.remove(
      gone.map(({ id }) => id),
      jobName(first),
    );
  };
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
      <Sidebar alertsHeard={alertsHeard} jobs={jobs} route={route} filter={filter} onFilter={setFilter} />
      {route.view === 'jobs' && (
        <JobsView
          jobs={jobs}
          freshness={freshness}
          state={state}
          now={now}
          filter={filter}
          selectedId={selected?.id ?? null}
          onFilter={setFilter}
          onAdd={() => setDialog({ kind: 'form', job: null })}
          onExample={(example) => setDialog({ kind: 'form', job: null, example })}
          onDelete={remove}
        />
      )}
      {route.view === 'alerts' && <AlertsView alertsHeard={alertsHeard} jobs={jobs} now={now} />}
      {route.view === 'settings' && <SettingsView />}
      {selected && (
        <JobDetailPane
          key={selected.id}
          job={selected}
          now={now}
          onClose={() => showJob(null)}
          onEdit={() => setDialog({ kind: 'form', job: selected })}
          onDelete={() => remove([selected])}
        />
      )}
      <CommandPalette jobs={jobs} onAdd={() => setDialog({ kind: 'form', job: null })} />
      {dialog?.kind === 'form' && (
        <JobForm job={dialog.job} jobs={jobs} example={dialog.example ?? null} onClose={close} />
      )}
    </div>
  );
}
