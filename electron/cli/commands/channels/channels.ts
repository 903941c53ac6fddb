import type { Channel } from '../../../../shared/schema/channels/channel.ts';
import { channelTypeNames, channelTypes } from '../../../../shared/schema/channels/types.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { renderTable } from '../../formats/table.ts';
import type { JobsContext } from '../jobs/find.ts';
import { type ChannelOptions, readChannelOptions } from './channel-options.ts';

/** `channels list` */
export async function listChannels({ remote, output }: JobsContext, isJson: boolean): Promise<void> {
  const { channels } = await remote.settings.get();
  if (isJson) return void output.write(`${forJson(JSON.stringify(channels, null, 2))}\n`);
  if (channels.length === 0) return void output.write('There are no channels.\n');
  const rows = channels.map(({ name, type, enabled, severity, tags }) => [
    name,
    channelTypes[type].title,
    enabled ? severity : 'off',
    tags.join(', '),
  ]);
  output.write(renderTable(['NAME', 'TYPE', 'ALERTS', 'TAGS'], rows, output));
}

/** `channels add` */
export async function addChannel(
  { remote, output }: JobsContext,
  name: string,
  { type, ...options }: ChannelOptions,
): Promise<void> {
  const known = channelTypeNames.find((one) => one === type);
  if (!known) throw new UsageError(`--type is one of ${channelTypeNames.join(', ')}.`);
  const { channels } = await remote.settings.get();
  if (channels.some((channel) => channel.name === name))
    throw new UsageError(`A channel named ${name} already exists. Change it with notafter channels edit.`);
  await save(remote, [...channels, { ...readChannelOptions(known, options), type: known, name }]);
  output.write(`Added ${forTerminal(name)}. Try it with notafter channels test ${forTerminal(name)}.\n`);
}

/** `channels edit` */
export async function editChannel(
  { remote, output }: JobsContext,
  name: string,
  options: ChannelOptions,
): Promise<void> {
  const { channels } = await remote.settings.get();
  const channel = found(channels, name);
  const changes = readChannelOptions(channel.type, options);
  if (Object.keys(changes).length === 0)
    throw new UsageError('Nothing to change. See notafter channels edit --help.');
  await save(
    remote,
    channels.map((one) => (one === channel ? { ...one, ...changes } : one)),
  );
  output.write(`Changed ${forTerminal(name)}.\n`);
}

/** `channels remove` */
export async function removeChannel({ remote, output }: JobsContext, name: string): Promise<void> {
  const { channels } = await remote.settings.get();
  const channel = found(channels, name);
  await save(
    remote,
    channels.filter((one) => one !== channel),
  );
  output.write(`Removed ${forTerminal(name)}.\n`);
}

/** `channels test` @returns 0, or 1 where the message was not taken */
export async function testChannel({ remote, output }: JobsContext, name: string): Promise<number> {
  const { delivered, message } = await remote.hooks.test({ name });
  output.write(
    delivered ? `Delivered to ${forTerminal(name)}.\n` : `${forTerminal(`${name}: ${message ?? ''}`)}\n`,
  );
  return delivered ? 0 : 1;
}

/** `channels deliveries` */
export async function listDeliveries({ remote, output }: JobsContext, isJson: boolean): Promise<void> {
  const { items, total } = await remote.hooks.deliveries({ limit: 1000 });
  if (isJson) return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (total === 0) return void output.write('Everything is delivered.\n');
  const rows = items.map(({ id, hook, state, attempts, nextAttemptAt, title, error }) => [
    String(id),
    hook,
    state,
    String(attempts),
    nextAttemptAt ?? '',
    title,
    error ?? '',
  ]);
  output.write(renderTable(['ID', 'CHANNEL', 'STATE', 'TRIED', 'NEXT', 'TITLE', 'ERROR'], rows, output));
}

/** `channels retry` and `channels discard` @param ids all that were given up where there are none */
export async function settleDeliveries(
  { remote, output }: JobsContext,
  what: 'retry' | 'discard',
  ids: readonly number[],
): Promise<void> {
  const { deliveries } = await remote.hooks[what](ids.length === 0 ? {} : { ids: [...ids] });
  output.write(`${what === 'retry' ? 'Retrying' : 'Discarded'} ${count(deliveries, 'alert')}.\n`);
}

function found(channels: readonly Channel[], name: string): Channel {
  const channel = channels.find((one) => one.name === name);
  if (!channel) throw new NoSuchJobError(`No channel is named ${name}. See notafter channels list.`);
  return channel;
}

/** The engine reads each channel by its schema and answers with a sentence for each field that is wrong. */
async function save(remote: JobsContext['remote'], channels: readonly object[]): Promise<void> {
  // SAFETY: what is no channel is refused by the engine's schema.
  await remote.settings.edit({ channels: channels as Channel[] });
}
