import { z } from 'zod';
import { channelName } from '../../domain/channels/channel-addresses.ts';
import { channelType, isOn, originOf, perSecond, refuseOthers } from './entry.ts';
import {
  choiceField,
  numberField,
  oneLine,
  optional,
  secretField,
  secretUrlField,
  textField,
  urlField,
  withDefault,
} from './fields.ts';

/** Push notifications and chats. */
export const chatTypes = {
  ntfy: channelType({
    title: 'ntfy',
    about: 'Push notifications to phones, by ntfy.sh or your own server',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: withDefault(urlField('Server', 'Address of the ntfy server.'), 'https://ntfy.sh'),
      topic: textField(
        'Topic',
        oneLine('A topic', 64).regex(/^[\w-]+$/, 'A topic has letters, digits, - and _.'),
        'Topic to publish to. On a public server, anyone who knows the topic can read it.',
      ),
      token: optional(secretField('Access token', 'Access token, for topics that require one.')),
      username: optional(
        textField('User name', oneLine('A user name', 100), 'User name, instead of a token.'),
      ),
      password: optional(secretField('Password', 'Password for that user name.')),
    },
    recognize: (url) =>
      channelName(url) === 'ntfy' && /^\/[\w-]+\/?$/.test(url.pathname)
        ? { url: url.origin, topic: url.pathname.replaceAll('/', '') }
        : null,
  }),
  gotify: channelType({
    title: 'Gotify',
    about: 'Push notifications by your own Gotify server',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: urlField('Server', 'Address of the Gotify server.'),
      token: secretField('Application token', 'Token of an application in Gotify.'),
    },
  }),
  discord: channelType({
    title: 'Discord',
    about: 'Messages in a Discord channel',
    kind: 'chat',
    pace: [{ count: 30, perMs: 60_000 }, perSecond(2)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: secretUrlField(
        'Webhook address',
        'Webhook URL from the Discord channel’s integrations.',
        refuseOthers('discord'),
      ),
    },
    recognize: isOn('discord'),
  }),
  telegram: channelType({
    title: 'Telegram',
    about: 'Messages by a Telegram bot',
    kind: 'chat',
    pace: [perSecond(1), { count: 20, perMs: 60_000 }],
    destination: () => 'https://api.telegram.org',
    route: [],
    fields: {
      token: secretField('Bot token', 'Bot token from BotFather.', (text) =>
        /^\d+:[\w-]{30,}$/.test(text) ? null : 'A bot token looks like 123456789:AAF….',
      ),
      chat: textField(
        'Chat',
        oneLine('A chat', 64).regex(
          /^(?:-?\d+|@\w+)$/,
          'A chat is a number such as -1001234567890, or @name of a channel.',
        ),
        'Id of the chat, or @name of a public channel.',
      ),
      thread: optional(numberField('Thread', z.int().min(1), 'Id of the topic in a group with topics.')),
    },
  }),
  slack: channelType({
    title: 'Slack',
    about: 'Messages in a Slack channel',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: secretUrlField('Webhook address', 'URL of an incoming webhook in Slack.', refuseOthers('slack')),
    },
    recognize: isOn('slack'),
  }),
  mattermost: channelType({
    title: 'Mattermost',
    about: 'Messages in a channel of Mattermost or Rocket.Chat',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: secretUrlField('Webhook address', 'URL of an incoming webhook.', refuseOthers('mattermost')),
    },
    recognize: isOn('mattermost'),
  }),
  teams: channelType({
    title: 'Microsoft Teams',
    about: 'Cards in a Teams channel, through a Workflow',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: secretUrlField(
        'Workflow address',
        'URL of a Workflow that starts when a webhook request is received.',
        refuseOthers('teams'),
      ),
      card: withDefault(
        choiceField(
          'Card',
          ['wrapped', 'bare'],
          'wrapped: a message with a card attached, as Microsoft’s template expects. bare: the card alone.',
        ),
        'wrapped',
      ),
    },
    recognize: isOn('teams'),
  }),
  matrix: channelType({
    title: 'Matrix',
    about: 'Messages in a Matrix room',
    kind: 'chat',
    pace: [perSecond(1)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: urlField('Homeserver', 'Address of the homeserver, such as https://matrix.example.com.'),
      room: textField(
        'Room',
        oneLine('A room', 255).regex(
          /^[!#][^:\s]+(?::\S+)?$/,
          'A room is an id such as !abc:example.com, or an alias such as #ops:example.com.',
        ),
        'Id or alias of the room. The user must have joined the room, and the room must not be encrypted.',
      ),
      token: secretField('Access token', 'Access token of the user who posts.'),
    },
  }),
} as const;
