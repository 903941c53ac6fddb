import { ORPCError } from '@orpc/client';
import {
  type ChannelType,
  channelTypeNames,
  channelTypes,
} from '../../../../shared/schema/channels/types.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count, utcTime } from '../../../../shared/text/words.ts';
import { asCommandError } from '../../api-client.ts';
import type { RemoteContext } from '../../command-group.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { FieldsError } from '../../field-options.ts';
import { renderTable } from '../../formats/table.ts';
import { byOption, type ChannelOptions, readChannelOptions } from './channel-options.ts';

/** `channels list` */
export async function listChannels({ remote, output }: RemoteContext, isJson: boolean): Promise<void> {
  const { items } = await remote.channels.list();
  if (isJson) return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (items.length === 0) return void output.write('There are no channels.\n');
  const rows = items.map(({ name, type, enabled, severity, tags }) => [
    name,
    channelTypes[type].title,
    enabled ? severity : 'off',
    tags.join(', '),
  ]);
  output.write(renderTable(['NAME', 'TYPE', 'ALERTS', 'TAGS'], rows, output));
}

/** `channels add` */
export async function addChannel(
  { remote, output }: RemoteContext,
  name: string,
  { type, ...options }: ChannelOptions,
): Promise<void> {
  const known = channelTypeNames.find((one) => one === type);
  if (!known) throw new UsageError(`--type is one of ${channelTypeNames.join(', ')}.`);
  await byOptions(known, remote.channels.add({ ...readChannelOptions(known, options), type: known, name }));
  output.write(`Added ${forTerminal(name)}. Try it with notafter channels test ${forTerminal(name)}.\n`);
}

/** `channels edit` */
export async function editChannel(
  { remote, output }: RemoteContext,
  name: string,
  options: ChannelOptions,
): Promise<void> {
  const { type, revision } = await found(remote.channels.get({ name }), name);
  const changes = readChannelOptions(type, options);
  if (Object.keys(changes).length === 0)
    throw new UsageError('Nothing to change. See notafter channels edit --help.');
  await byOptions(type, remote.channels.edit({ params: { name }, body: { ...changes, revision } }));
  output.write(`Changed ${forTerminal(name)}.\n`);
}

/** `channels remove` */
export async function removeChannel({ remote, output }: RemoteContext, name: string): Promise<void> {
  await found(remote.channels.remove({ name }), name);
  output.write(`Removed ${forTerminal(name)}.\n`);
}

/** `channels test` @returns 0, or 1 where the message was not taken */
export async function testChannel({ remote, output }: RemoteContext, name: string): Promise<number> {
  const { delivered, message } = await remote.channels.test({ name });
  output.write(
    delivered ? `Delivered to ${forTerminal(name)}.\n` : `${forTerminal(`${name}: ${message ?? ''}`)}\n`,
  );
  return delivered ? 0 : 1;
}

/** `channels deliveries` */
export async function listDeliveries({ remote, output }: RemoteContext, isJson: boolean): Promise<void> {
  const { items, total } = await remote.hooks.deliveries({ limit: 1000 });
  if (isJson) return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (total === 0) return void output.write('Everything is delivered.\n');
  const rows = items.map(({ id, hook, state, attempts, nextAttemptAt, title, error }) => [
    String(id),
    hook,
    state,
    String(attempts),
    nextAttemptAt === null ? '' : utcTime(nextAttemptAt),
    title,
    error ?? '',
  ]);
  output.write(renderTable(['ID', 'CHANNEL', 'STATE', 'TRIED', 'NEXT', 'TITLE', 'ERROR'], rows, output));
}

/** `channels retry` and `channels discard` @param ids all that were given up where there are none */
export async function settleDeliveries(
  { remote, output }: RemoteContext,
  what: 'retry' | 'discard',
  ids: readonly number[],
): Promise<void> {
  const { deliveries } = await remote.hooks[what](ids.length === 0 ? {} : { ids: [...ids] });
  output.write(`${what === 'retry' ? 'Retrying' : 'Discarded'} ${count(deliveries, 'alert')}.\n`);
}

/** Has what the engine refuses name the options of the type. */
async function byOptions<Value>(type: ChannelType, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const refused = asCommandError(error);
    throw refused instanceof FieldsError ? byOption(type, refused) : refused;
  }
}

/** @throws NoSuchJobError where no channel has the name */
async function found<Value>(work: Promise<Value>, name: string): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ORPCError) || error.status !== 404) throw error;
    throw new NoSuchJobError(`No channel is named ${name}. See notafter channels list.`, { cause: error });
  }
}
