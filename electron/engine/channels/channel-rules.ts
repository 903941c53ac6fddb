import type { Alert, AlertSeverity } from '../../../shared/schema/alert.ts';
import { type Channel, destinationOf } from '../../../shared/schema/channels/channel.ts';
import { type ChannelKind, channelTypes } from '../../../shared/schema/channels/types.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { SearchMessage } from '../../../shared/schema/saved-search.ts';
import type { Clock } from '../clock.ts';
import { isAbout, isFor, isUrgentFor, passesFilter } from './channel-filter.ts';
import type { ChannelSender } from './channel-sender.ts';
import { digestTime } from './digest-time.ts';
import type { HookRoute } from './hook-route.ts';
import { mergeMessages } from './message.ts';

type FindJob = (id: string) => Job | undefined;

interface RulesSource {
  rules: { readonly settings: { readonly channels: readonly Channel[] } };
  local: readonly { name: string }[];
}

/** Decides, by the name of a channel or a hook of the command line, which messages it gets. */
export class ChannelRules {
  readonly #source: RulesSource;

  constructor(source: RulesSource) {
    this.#source = source;
  }

  get channels(): readonly Channel[] {
    return this.#source.rules.settings.channels;
  }

  channel(name: string): Channel | undefined {
    return this.channels.find((channel) => channel.name === name);
  }

  kindOf(name: string): ChannelKind {
    const channel = this.channel(name);
    if (channel) return channelTypes[channel.type].kind;
    return this.#source.local.some((one) => one.name === name) ? 'program' : 'chat';
  }

  /** Whether it gets each alert at once and by itself. */
  getsEach(name: string): boolean {
    const channel = this.channel(name);
    return channel !== undefined && (!channel.grouped || channelTypes[channel.type].kind === 'incident');
  }

  /** Whether what waits for it is sent one by one, and the end of what was sent as well. */
  isForPrograms(name: string): boolean {
    return this.kindOf(name) !== 'chat';
  }

  /** Incidents are always resolved. Chats get a message that a host has recovered instead. */
  hearsOfEnds(name: string): boolean {
    const kind = this.kindOf(name);
    return kind === 'incident' || (kind === 'program' && (this.channel(name)?.resolved ?? true));
  }

  /** Good news opens no incident. */
  hearsGoodNews(name: string, { kind }: Alert): boolean {
    const hears = this.kindOf(name) !== 'chat' || (this.channel(name)?.resolved ?? true);
    return this.kindOf(name) !== 'incident' && (hears || kind !== 'recovered');
  }

  /** Until when a message waits for the time of a channel's digest; what is critical does not. @param now milliseconds since the epoch */
  heldUntil(name: string, severity: AlertSeverity, now: number): { notBefore?: number } {
    const channel = this.channel(name);
    const isHeld =
      channel && this.kindOf(name) === 'chat' && severity !== 'critical' && channel.digest !== 'now';
    return isHeld ? { notBefore: digestTime(channel.digest, now) } : {};
  }
}

/** Tells whether a channel can have a report: people or programs read it, and it opens no incident. */
export function takesReports({ type }: Channel): boolean {
  const { kind } = channelTypes[type];
  return kind === 'chat' || kind === 'program';
}

/** The end of an alert goes where its beginning went, also where the severity asked for was raised since. */
export function isWantedBy(alert: Alert, job: FindJob, channel: Channel): boolean {
  const isEnd = alert.resolvedAt !== null && channelTypes[channel.type].kind === 'incident';
  return isEnd ? isFor(alert, job, channel) : passesFilter(alert, job, channel);
}

/**
 * Whether a channel gets what a saved search found: one for people or programs, by its severity and the tags that the search gives. One that is
 * for some kinds of alerts alone does not.
 */
export function isForSearch(channel: Channel, { severity }: SearchMessage, tags: readonly string[]): boolean {
  return takesReports(channel) && isUrgentFor(severity, channel) && isAbout({ kind: null, tags }, channel);
}

/** Returns how the queue sends to a channel. */
export function channelRoute(
  channel: Channel,
  {
    sender,
    network,
    clock,
  }: {
    sender: Pick<ChannelSender, 'send'>;
    network: { isLocal(host: string): boolean };
    clock: Clock;
  },
  job: FindJob,
): HookRoute {
  const { kind, pace } = channelTypes[channel.type];
  // A URL of a scheme that it knows, so that its host can be read.
  const place = destinationOf(channel).replace(/^\w+:/, 'http:');
  const isLocal =
    channel.type === 'command' ||
    (channel.proxy === 'none' && URL.canParse(place) && network.isLocal(new URL(place).hostname));
  return {
    send: (message, signal, remaining) => sender.send(channel, message, signal, remaining),
    isLocal,
    merge: kind === 'chat' ? (messages) => mergeMessages(messages, job, clock.now()) : null,
    // A program of this machine takes messages as fast as it answers.
    pace: isLocal && channel.type === 'webhook' ? [] : pace,
  };
}
