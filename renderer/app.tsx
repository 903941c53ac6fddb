import { memo, useEffect, useMemo, useState } from 'react';
import { jobName } from '../shared/domain/job-name.ts';
import type { JobView } from '../shared/schema/job.ts';
import { headline } from '../shared/text/headline.ts';
import classes from './app.module.css';
import { LiveRegion } from './components/live-region.tsx';
import { ChecksContext } from './hosts/checks-context.ts';
import { JobsView } from './hosts/jobs-view.tsx';
import { filterQuery, readFilter } from './hosts/list/filter-address.ts';
import { type Filter, noFilter } from './hosts/list/filters.ts';
import { useDeletion } from './hosts/use-deletion.tsx';
import { type HostDialog, useHostActions } from './hosts/use-host-actions.ts';
import { useJobs } from './hosts/use-jobs.ts';
import { useSavedViews } from './hosts/use-saved-views.ts';
import { ConnectionBanner } from './layout/connection-banner.tsx';
import { Sidebar } from './layout/sidebar.tsx';
import type { Api } from './lib/api.ts';
import { ApiProvider } from './lib/api-context.tsx';
import { useGoKeys, useKeys } from './lib/keys.ts';
import { lazyComponent } from './lib/lazy-component.tsx';
import type { HistoryStep } from './lib/page-address.ts';
import { type Preferences, setPreferences, usePreferences } from './lib/preferences.ts';
import { useNow } from './lib/use-now.ts';
import { hostsHash, navigate, type PageRoute, showJob, showView, useRoute } from './lib/use-route.ts';

// The list is what a person waits for; the rest comes once it is painted.
const JobDetailPane = lazyComponent(async () => (await import('./host-detail/job-detail.tsx')).JobDetailPane);
const MissingHost = lazyComponent(async () => (await import('./host-detail/missing-host.tsx')).MissingHost);
// A key in the search box changes neither the hosts nor the open one, and so nothing that the palette offers.
const CommandPalette = memo(
  lazyComponent(async () => (await import('./layout/command-palette.tsx')).CommandPalette),
  (before, after) =>
    before.jobs === after.jobs &&
    before.views === after.views &&
    before.open === after.open &&
    before.selected === after.selected,
);
const HostDialogs = lazyComponent(async () => (await import('./hosts/host-dialogs.tsx')).HostDialogs);
const FocusKeeper = lazyComponent(async () => (await import('./lib/focus-keeper.tsx')).FocusKeeper);
const DropTarget = lazyComponent(async () => (await import('./hosts/drop-target.tsx')).DropTarget);
const AlertsView = lazyComponent(async () => (await import('./alerts/alerts-view.tsx')).AlertsView);
const DiscoverView = lazyComponent(async () => (await import('./discover/discover-view.tsx')).DiscoverView);
const SettingsView = lazyComponent(async () => (await import('./settings/settings-view.tsx')).SettingsView);

const noJobs: readonly JobView[] = [];

interface AppProps {
  connection: Api | Promise<Api>;
  /** Called if the engine does not accept the token. */
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

function ConnectedApp({ onRefused }: { onRefused?: () => void }) {
  const { jobs: all, freshness, state, checks, alertsHeard } = useJobs(onRefused);
  const deletion = useDeletion();
  const { hidden } = deletion;
  const jobs = useMemo(
    () => (hidden.size === 0 ? all : all.filter(({ id }) => !hidden.has(id))),
    [all, hidden],
  );
  const [selected, setSelected] = useState(noJobs);
  const [dialog, setDialog] = useState<HostDialog | null>(null);
  const route = useRoute();
  const now = useNow();
  const preferences = usePreferences();
  const query = route.view === 'jobs' ? route.query : '';
  const { filter, sort, by } = useMemo(() => readFilter(query), [query]);
  const views = useSavedViews();
  const openId = route.view === 'jobs' ? route.jobId : null;
  const open = useMemo(() => jobs.find(({ id }) => id === openId), [jobs, openId]);
  const isMissing = openId !== null && !open && freshness === 'live' && !hidden.has(openId);

  const actions = useHostActions(setDialog, (gone) => {
    const [first] = gone;
    if (!first) return;
    if (gone.some(({ id }) => id === openId)) showJob(null);
    deletion.remove(
      gone.map(({ id }) => id),
      jobName(first),
    );
  });
  const add = () => setDialog({ kind: 'form', job: null });
  const onFilter = (next: Filter, step?: HistoryStep) =>
    navigate(hostsHash(openId, filterQuery(next, sort, by)), step);
  useTitle(route, open, jobs, now);
  useDocumentPreferences(preferences);
  useKeys({ '[': () => setPreferences({ sidebar: preferences.sidebar === 'rail' ? 'full' : 'rail' }) });
  useGoKeys({
    h: () => showJob(null),
    a: () => showView('alerts'),
    d: () => showView('discover'),
    s: () => showView('settings'),
  });

  return (
    <ChecksContext value={checks}>
      <div
        className={classes['frame']}
        data-detail={open || isMissing ? true : undefined}
        data-sidebar={preferences.sidebar}
        // SAFETY: a custom property is a property.
        style={
          {
            '--pane-width': `${preferences.paneWidth}px`,
            '--wide-pane-width': `${preferences.widePaneWidth}px`,
          } as React.CSSProperties
        }
      >
        <button
          type="button"
          className={classes['skip']}
          onClick={() => {
            const [first] = ['[role=row][tabindex="0"]', 'main :is(a, button, input)'].flatMap(
              (selector) => document.querySelector<HTMLElement>(selector) ?? [],
            );
            first?.focus();
          }}
        >
          Skip to {route.view === 'jobs' ? 'list' : 'content'}
        </button>
        <ConnectionBanner freshness={freshness} />
        <div className={classes['main']}>
          {route.view === 'jobs' && (
            <JobsView
              jobs={jobs}
              isLoading={freshness === 'loading'}
              state={state}
              checks={checks}
              now={now}
              filter={filter}
              sort={sort}
              openId={openId}
              actions={actions}
              onFilter={onFilter}
              by={by}
              query={query}
              views={views}
              onSort={(next) => navigate(hostsHash(openId, filterQuery(filter, next, by)), 'replaced')}
              onGroup={(next) => navigate(hostsHash(openId, filterQuery(filter, sort, next)))}
              onSelected={setSelected}
              onAdd={add}
              onExample={(example) => setDialog({ kind: 'form', job: null, example })}
            />
          )}
          {route.view === 'alerts' && (
            <AlertsView
              query={route.query}
              alertsHeard={alertsHeard}
              jobs={jobs}
              now={now}
              actions={actions}
            />
          )}
          {route.view === 'discover' && <DiscoverView now={now} jobs={jobs} />}
          {route.view === 'settings' && <SettingsView section={route.section} />}
        </div>
        {open && (
          <JobDetailPane key={open.id} job={open} now={now} actions={actions} onClose={() => showJob(null)} />
        )}
        {isMissing && <MissingHost onClose={() => navigate(hostsHash(null, filterQuery(noFilter, null)))} />}
        <Sidebar
          alertsHeard={alertsHeard}
          jobs={jobs}
          now={now}
          view={route.view}
          group={filter.group}
          tag={filter.tag}
          views={views.all}
          shownView={views.all.find((saved) => saved.query === query)?.name ?? null}
        />
        <CommandPalette
          jobs={jobs}
          views={views.all}
          open={open}
          selected={selected}
          actions={actions}
          onAdd={add}
        />
        {dialog && <HostDialogs dialog={dialog} jobs={jobs} now={now} onClose={() => setDialog(null)} />}
        <DropTarget onAdd={(text) => setDialog({ kind: 'form', job: null, text })} />
        <LiveRegion />
        <FocusKeeper />
      </div>
    </ChecksContext>
  );
}

/** Names the place in the title, for tabs, windows and history. */
function useTitle(route: PageRoute, open: JobView | undefined, jobs: readonly JobView[], now: number) {
  const listTitle = useMemo(() => headline(jobs, now).title, [jobs, now]);
  const titles = { jobs: listTitle, alerts: 'Alerts', discover: 'Discover', settings: 'Settings' };
  const title = open ? jobName(open) : titles[route.view];
  useEffect(() => {
    document.title = `${title} – NotAfter`;
  }, [title]);
}

/** Hands the preferences that the style sheets go by to the document. */
function useDocumentPreferences({ contrast, letters }: Preferences) {
  useEffect(() => {
    Object.assign(document.documentElement.dataset, { contrast, letters });
  }, [contrast, letters]);
}
