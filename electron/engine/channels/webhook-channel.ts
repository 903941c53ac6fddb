import type { Channel, ChannelCommon } from '../../../shared/schema/channels/channel.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';

const usual: Pick<ChannelCommon, 'notTags' | 'kinds' | 'resolved' | 'digest' | 'proxy'> = {
  notTags: [],
  kinds: [],
  resolved: true,
  digest: 'now',
  proxy: 'none',
};

/**
 * Returns the channel that a webhook of the settings is: messages to both take the same way. What was accepted as a webhook stays so,
 * also where a channel of its type would refuse the address, such as Discord's for the format of Slack.
 */
export function asChannel({ format, ...webhook }: Webhook): Channel {
  const common = { ...usual, ...webhook };
  switch (format) {
    case 'slack':
      return { ...common, type: 'slack' };
    case 'teams':
      return { ...common, type: 'teams', card: 'wrapped' };
    case 'json':
      return {
        ...common,
        type: 'webhook',
        method: 'POST',
        headers: [],
        secret: null,
        contentType: 'json',
        template: null,
      };
  }
}
