import { dnsText } from '../../shared/domain/discovery/dns-source.ts';
import { describeSchedule } from '../../shared/schema/describe-schedule.ts';
import type { DiscoveryPlan } from '../../shared/schema/discovery.ts';
import type { SavedSearchView, SearchRunView } from '../../shared/schema/saved-search.ts';
import { count, duration, list, relative } from '../../shared/text/words.ts';

/** What a search looks through and when, in one line. */
export function placesWords(search: SavedSearchView): string {
  const { targets, files, dns, watched, ports, schedule, hours } = search;
  const places = [
    ...targets,
    ...files.map(({ path }) => path),
    ...dns.map(dnsText),
    ...(watched ? ['names in watched certificates'] : []),
  ];
  const when = schedule === null ? 'when you start it' : describeSchedule(schedule);
  const within = hours === null ? '' : ` · only ${hours.from} to ${hours.to}`;
  return `${list(places, 4)} · ports ${ports} · ${when}${within}`;
}

/** How a run that is under way is getting on. */
export function progressWords({ progress, state }: SearchRunView, perSecond: number): string {
  const { planned, tried, tls } = progress;
  if (state === 'resting')
    return 'Waiting: checks are paused, this machine is offline, or it is outside the hours of the search';
  if (planned === 0) return 'Preparing';
  const left = duration(((planned - tried) / perSecond) * 1000);
  return `${tried.toLocaleString('en')} of ${planned.toLocaleString('en')} · ${count(tls, 'TLS service')} · ${left} left`;
}

/** What the last run came to. */
export function outcomeWords(run: SearchRunView, now: number): string {
  const time = Date.parse(run.endedAt ?? run.startedAt);
  const at = relative(time, Math.max(now, time + 1));
  if (run.state === 'failed') return `Failed ${at}`;
  const news = [
    ...(run.new > 0 ? [`${run.new} new`] : []),
    ...(run.changed > 0 ? [`${run.changed} changed`] : []),
    ...(run.vanished > 0 ? [`${run.vanished} vanished`] : []),
  ];
  const words = news.length === 0 ? 'nothing new' : news.join(', ');
  return run.state === 'stopped' ? `Stopped ${at}: ${words}` : `Last run ${at}: ${words}`;
}

/** What a search would do, in one line. */
export function planWords({ addresses, hosts, connections, seconds }: DiscoveryPlan): string {
  const places = [
    ...(addresses > 0 ? [count(addresses, 'address', 'addresses')] : []),
    ...(hosts > 0 ? [count(hosts, 'host')] : []),
  ];
  const lasting = seconds < 60 ? count(seconds, 'second') : duration(seconds * 1000);
  return `${list(places)}: ${count(connections, 'connection')}, about ${lasting}`;
}
