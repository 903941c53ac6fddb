import { setTimeout as sleep } from 'node:timers/promises';
import { dnsText } from '../../../../shared/domain/discovery/dns-source.ts';
import { describeSchedule } from '../../../../shared/schema/describe-schedule.ts';
import {
  type SavedSearchView,
  type SearchRunView,
  savedSearchInputSchema,
} from '../../../../shared/schema/saved-search.ts';
import { hoursText } from '../../../../shared/schema/time-window.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count, utcTime } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { planSentences } from '../../formats/found-formats.ts';
import { renderTable } from '../../formats/table.ts';
import { SearchProgress } from '../../search-progress.ts';
import { readFields, type SearchFields } from './search-fields.ts';

/** How often a run is asked how far it is, in milliseconds. */
const askEveryMs = 300;

/** Why a run rests, and what a person can do. */
const restReasons =
  'this machine is offline, checks are paused, or it is outside the hours of the search. It goes on by itself, also after Ctrl+C.';

/** `discoveries list` */
export async function listSearches(
  { remote, output }: RemoteContext,
  { format }: { format: string },
): Promise<void> {
  const { items } = await remote.discoveries.list();
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (items.length === 0) return void output.write('There are no saved searches.\n');
  const rows = items.map(({ name, ports, schedule, lastRun, finds, id, ...places }) => [
    name,
    placesOf(places).join(', '),
    ports,
    schedule === null ? 'off' : describeSchedule(schedule),
    lastRun ? `${lastRun.state} ${utcTime(lastRun.endedAt ?? lastRun.startedAt)}` : 'never',
    String((finds['new'] ?? 0) + (finds['needs-name'] ?? 0)),
    id,
  ]);
  output.write(
    renderTable(['SEARCH', 'TARGETS', 'PORTS', 'SCHEDULE', 'LAST RUN', 'TO REVIEW', 'ID'], rows, output),
  );
}

/** `discoveries show` */
export async function showSearch(
  { remote, output }: RemoteContext,
  word: string,
  { format }: { format: string },
): Promise<void> {
  const search = await findSearch(remote, word);
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(search, null, 2))}\n`);
  output.write(describe(search));
}

/** `discoveries add` */
export async function addSearch(
  { remote, output }: RemoteContext,
  name: string,
  targets: readonly string[],
  options: SearchFields,
): Promise<void> {
  const parsed = savedSearchInputSchema.safeParse({ name, targets, ...readFields(options, {}) });
  if (!parsed.success) throw new UsageError(parsed.error.issues[0]?.message ?? 'This is not a search.');
  const plan = await remote.discoveries.plan(parsed.data);
  if (options.dryRun) {
    output.write(`${[...planSentences(plan), ...plan.refused].map(forTerminal).join('\n')}\n`);
    return;
  }
  output.write(describe(await remote.discoveries.add(parsed.data)));
  for (const sentence of plan.refused) process.stderr.write(`notafter: ${forTerminal(sentence)}\n`);
}

/** `discoveries edit` */
export async function editSearch(
  { remote, output }: RemoteContext,
  word: string,
  options: SearchFields,
): Promise<void> {
  const search = await findSearch(remote, word);
  const patch = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.target === undefined ? {} : { targets: options.target }),
    ...readFields(options, search),
  };
  if (Object.keys(patch).length === 0)
    throw new UsageError('Nothing to change. See notafter discoveries edit --help.');
  const { id, revision } = search;
  output.write(describe(await remote.discoveries.edit({ id, revision, ...patch })));
}

/** `discoveries remove` */
export async function removeSearch({ remote, output }: RemoteContext, word: string): Promise<void> {
  const { id, name } = await findSearch(remote, word);
  await remote.discoveries.remove({ id });
  output.write(`Deleted the search ${forTerminal(name)}.\n`);
}

/** `discoveries run`. @returns the exit status: 1 where the run failed or was stopped */
export async function runSearch(
  { remote, output }: RemoteContext,
  word: string,
  { wait }: { wait: boolean },
): Promise<number> {
  const { id, name, limits } = await findSearch(remote, word);
  const begun = await remote.discoveries.run({ id });
  if (!wait) {
    output.write(`The search ${forTerminal(name)} is running.\n`);
    return 0;
  }
  const shown = new SearchProgress(process.stderr, limits.perSecond);
  let isResting = false;
  for (;;) {
    const search = await remote.discoveries.get({ id });
    const run = search.lastRun?.id === begun.id ? search.lastRun : await earlierRun(remote, begun);
    if (run.endedAt !== null) {
      shown.clear();
      output.write(describe({ ...search, lastRun: run }));
      return run.state === 'done' ? 0 : 1;
    }
    if (run.state === 'resting' && !isResting) {
      shown.clear();
      process.stderr.write(`notafter: The search ${forTerminal(name)} waits: ${restReasons}\n`);
    }
    isResting = run.state === 'resting';
    shown.show(run.progress);
    await sleep(askEveryMs);
  }
}

/** A run after which another one has begun. @throws NoSuchJobError where it is not among the runs that are kept */
async function earlierRun(
  remote: RemoteContext['remote'],
  { id, discoveryId }: SearchRunView,
): Promise<SearchRunView> {
  const { items } = await remote.discoveries.runs({ id: discoveryId, limit: 100, offset: 0 });
  const run = items.find((one) => one.id === id);
  if (run) return run;
  throw new NoSuchJobError(
    'The run has ended, and others have taken its place. See notafter discoveries show.',
  );
}

/** `discoveries stop` */
export async function stopSearch({ remote, output }: RemoteContext, word: string): Promise<void> {
  const { id, name, lastRun } = await findSearch(remote, word);
  const isRunning = lastRun !== null && lastRun.endedAt === null;
  await remote.discoveries.stop({ id });
  output.write(`The search ${forTerminal(name)} ${isRunning ? 'is stopped' : 'is not running'}.\n`);
}

const placesOf = ({ targets, files, dns }: Pick<SavedSearchView, 'targets' | 'files' | 'dns'>) => [
  ...targets,
  ...files.map(({ path }) => path),
  ...dns.map(dnsText),
];

function describe({
  name,
  ports,
  schedule,
  hours,
  lastRun,
  finds,
  nextRunAt,
  ...given
}: SavedSearchView): string {
  const places = placesOf(given);
  const states = Object.entries(finds).flatMap(([state, number]) =>
    number > 0 ? [`${number} ${state}`] : [],
  );
  const sentences = [
    `${name}: ${places.join(', ')}${places.length > 0 ? ', ' : ''}ports ${ports}.`,
    schedule === null
      ? 'It runs when you start it.'
      : `It runs ${describeSchedule(schedule)}${nextRunAt === null ? '' : `, next at ${utcTime(nextRunAt)}`}.`,
    ...(hours === null
      ? []
      : [`Its hours are ${hoursText(hours)}${hours.timezone === undefined ? '' : ` (${hours.timezone})`}.`]),
    ...(lastRun ? runSentences(lastRun) : ['It has not run yet.']),
    ...(states.length === 0 ? [] : [`Finds: ${states.join(', ')}.`]),
  ];
  return sentences.map((sentence) => `${forTerminal(sentence)}\n`).join('');
}

function runSentences(run: NonNullable<SavedSearchView['lastRun']>): string[] {
  const { state, progress, reason, notes } = run;
  const { tried, planned, tls } = progress;
  return [
    `Last run: ${state}, ${tried.toLocaleString('en')} of ${count(planned, 'connection')}, ${count(tls, 'TLS service')}; ${run.new} new, ${run.changed} changed, ${run.vanished} vanished.`,
    ...(reason === null ? [] : [reason]),
    ...notes,
  ];
}

/** A saved search by its name or id. @throws NoSuchJobError */
export async function findSearch(remote: RemoteContext['remote'], word: string): Promise<SavedSearchView> {
  const { items } = await remote.discoveries.list();
  const search = items.find(({ id, name }) => name === word || id === word);
  if (!search) throw new NoSuchJobError(`No saved search matches ${word}.`);
  return search;
}
