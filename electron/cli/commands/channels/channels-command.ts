import { Command, Option } from 'commander';
import { channelTypeNames } from '../../../../shared/schema/channels/types.ts';
import { contextFor, type DataOption, subcommandsOf } from '../../command-group.ts';
import type { CommandContext } from '../../commands.ts';
import { UsageError } from '../../exit-status.ts';
import { type ChannelOptions, withChannelOptions } from './channel-options.ts';
import {
  addChannel,
  editChannel,
  listChannels,
  listDeliveries,
  removeChannel,
  settleDeliveries,
  testChannel,
} from './channels.ts';

/** Describes `notafter channels`. */
export function command({ output, onStatus }: CommandContext): Command {
  const channels = new Command('channels')
    .description('list, add, edit and test the channels that alerts are sent to')
    .exitOverride()
    .addHelpText(
      'after',
      `
Secrets are read from files or standard input, never from arguments.
Exit status: 0; of test 1 where the message was not taken; 64 refused, 66 no such channel, 69 nothing runs.

Examples:
  notafter channels add ops --type email --host mail.example.com --username na --password-file ./password --from na@example.com --to ops@example.com
  notafter channels add team --type slack --url-file ./slack-address
  echo "$KEY" | notafter channels add oncall --type pagerduty --routing-key-file - --severity critical
  notafter channels test ops
  notafter channels deliveries`,
    );
  const sub = subcommandsOf(channels);
  const on = contextFor(output);

  sub('list', 'list channels')
    .option('--json', 'print JSON', false)
    .action((options: DataOption & { json: boolean }) => listChannels(on(options), options.json));
  withChannelOptions(
    sub('add', 'add a channel')
      .argument('<NAME>', 'name of the channel')
      .addOption(
        new Option('--type <TYPE>', 'type of the channel').choices(channelTypeNames).makeOptionMandatory(),
      ),
  ).action((name: string, options: DataOption & ChannelOptions) => addChannel(on(options), name, options));
  withChannelOptions(sub('edit', 'edit a channel').argument('<NAME>', 'its name')).action(
    (name: string, options: DataOption & ChannelOptions) => editChannel(on(options), name, options),
  );
  sub('remove', 'remove a channel and discard its waiting deliveries')
    .argument('<NAME>', 'its name')
    .action((name: string, options: DataOption) => removeChannel(on(options), name));
  sub('test', 'send a test message')
    .argument('<NAME>', 'its name')
    .action(async (name: string, options: DataOption) => onStatus(await testChannel(on(options), name)));
  sub('deliveries', 'list deliveries that are waiting or failed')
    .option('--json', 'print JSON', false)
    .action((options: DataOption & { json: boolean }) => listDeliveries(on(options), options.json));
  for (const what of ['retry', 'discard'] as const)
    sub(what, `${what} deliveries; all failed ones unless ids are given`)
      .argument('[ID...]', 'delivery ids')
      .action((ids: string[], options: DataOption) => settleDeliveries(on(options), what, ids.map(readId)));
  return channels;
}

function readId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${text} is not the id of a delivery.`);
  return Number(text);
}
