import { type Channel, channelSchema } from '../../shared/schema/channels/channel.ts';
import type { ChannelType } from '../../shared/schema/channels/types.ts';

interface Sample {
  /** Fields that a channel of the type needs, with every secret set. */
  values: Record<string, unknown>;
  /** Other values of the fields that decide where or how its secrets travel. */
  route: Record<string, unknown>;
  /** Fields that decide what is sent, to whom behind the server, or as whom. */
  content: readonly string[];
}

/** The option of `serve` that allows the command of the sample. */
export const allowSampleCommand = ['--channel-command', "/usr/local/bin/page --team 'web, shop'"];

const secretOf = (marker: string, length = 40) => marker.padEnd(length, '0');

/** Returns samples of every type of channel, whose secrets hold a marker of letters and digits. */
export function channelSamples(marker = 'secret'): Readonly<Record<ChannelType, Sample>> {
  const secret = secretOf(marker);
  const webhook = (host: string) => `https://${host}/${secret}`;
  const elsewhere = { url: 'https://elsewhere.example/a' };
  return {
    email: {
      values: {
        ...{ host: 'mail.internal', from: 'na@x.example', to: ['ops@x.example'], username: 'ops' },
        ...{ password: secret, oauthTokenUrl: 'https://login.example/token', oauthClientId: 'client' },
        ...{ oauthClientSecret: secret, oauthRefreshToken: secret },
      },
      route: {
        ...{ host: 'other.internal', port: 2525, security: 'none' },
        oauthTokenUrl: 'https://login.example/other',
      },
      content: ['from', 'to', 'username', 'cc', 'headers', 'oauthClientId', 'oauthScope'],
    },
    ntfy: {
      values: { url: 'https://ntfy.example', topic: 'ops', token: secret, username: 'ops', password: secret },
      route: elsewhere,
      content: ['topic', 'username'],
    },
    gotify: { values: { url: 'https://gotify.example', token: secret }, route: elsewhere, content: [] },
    discord: { values: { url: webhook('discord.com') }, route: {}, content: [] },
    telegram: {
      values: { token: `123456789:${secret}`, chat: '-1001234567890' },
      route: {},
      content: ['chat', 'thread'],
    },
    slack: { values: { url: webhook('hooks.slack.com') }, route: {}, content: [] },
    mattermost: { values: { url: webhook('chat.example') }, route: {}, content: [] },
    teams: { values: { url: webhook('flow.example') }, route: {}, content: ['card'] },
    matrix: {
      values: { url: 'https://matrix.example', room: '!abc:x.example', token: secret },
      route: elsewhere,
      content: ['room'],
    },
    pagerduty: {
      values: { routingKey: secretOf(marker, 32) },
      route: { region: 'eu' },
      content: [],
    },
    jsm: { values: { apiKey: secret }, route: elsewhere, content: [] },
    alertmanager: {
      values: { urls: ['https://am.example:9093'], username: 'ops', password: secret, token: secret },
      route: { urls: ['https://am.example:9093', 'https://elsewhere.example'] },
      content: ['labels', 'username'],
    },
    webhook: {
      values: { url: webhook('hook.example'), secret },
      route: { url: 'https://hook.example/another' },
      content: ['method', 'headers', 'contentType', 'template'],
    },
    command: {
      values: { program: '/usr/local/bin/page', args: ['--team', 'web, shop'] },
      route: { program: '/usr/local/bin/other', args: ['--team', 'other'] },
      content: [],
    },
    syslog: {
      values: { host: 'log.internal' },
      route: { host: 'other.internal', port: 6514, transport: 'tls' },
      content: ['facility'],
    },
  };
}

/** Returns a channel of a type from its sample. */
export function sampleChannel(
  type: ChannelType,
  more: Record<string, unknown> = {},
  marker?: string,
): Channel {
  return channelSchema.parse({ type, name: `a-${type}`, ...channelSamples(marker)[type].values, ...more });
}
