import { headerName, hostName, port } from './common-rules.ts';
import { channelType } from './entry.ts';
import {
  choiceField,
  headersField,
  listField,
  numberField,
  oneLine,
  optional,
  secretField,
  textField,
  urlField,
  withDefault,
} from './fields.ts';

const mailbox = oneLine('An address', 320).regex(
  /^(?:[^<>"]* <)?[^\s@<>]+@[^\s@<>]+>?$/,
  'An address looks like ops@example.com.',
);
const privateIpv4 = /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}$/;
const privateIpv6 = /^\[?(?:::1|f[cd][0-9a-f]{2}:[0-9a-f:]*)\]?$/i;
const privateName = /^localhost$|\.(?:local|internal|home\.arpa|lan)$|^[^.:]+$/i;
/** Tells whether a host is surely of a private network, where plain text may do: RFC 1918, RFC 4193, RFC 6762, RFC 8375. */
const isPrivate = (host: string) => [privateIpv4, privateIpv6, privateName].some((form) => form.test(host));

/** Email, whose form is the longest. */
export const mailTypes = {
  email: channelType({
    title: 'Email',
    about: 'Email through your mail server',
    kind: 'chat',
    pace: [{ count: 1, perMs: 30_000 }],
    destination: ({ host, port: at }) => `smtp://${host}:${at}`,
    route: ['host', 'port', 'security', 'oauthTokenUrl'],
    fields: {
      host: textField('Mail server', hostName, 'Host name or IP address of the mail server.'),
      port: withDefault(numberField('Port', port, 'Port of the mail server: 587, 465 or 25.'), 587),
      security: withDefault(
        choiceField(
          'Security',
          ['starttls', 'tls', 'none'],
          'starttls: encrypted after the greeting, usual on port 587. tls: encrypted from the first byte, usual on port 465. none: only for private networks.',
        ),
        'starttls',
      ),
      from: textField('From', mailbox, 'Sender of the messages.'),
      to: listField('To', mailbox, { least: 1, most: 50 }, 'Addresses to send each message to.'),
      username: optional(textField('User name', oneLine('A user name', 320), 'User name to sign in with.')),
      password: optional(secretField('Password', 'Password to sign in with.')),
      cc: withDefault(listField('Cc', mailbox, { most: 50 }, 'Addresses to send a copy to.'), []),
      headers: withDefault(headersField(headerName, 'Headers to add to each message.'), []),
      oauthTokenUrl: optional(
        urlField(
          'OAuth 2 token address',
          'Token endpoint, for servers that do not accept passwords.',
          'The token address',
        ),
      ),
      oauthClientId: optional(textField('OAuth 2 client id', oneLine('A client id', 300), 'Client id.')),
      oauthClientSecret: optional(secretField('OAuth 2 client secret', 'Client secret.')),
      oauthScope: optional(textField('OAuth 2 scope', oneLine('A scope', 500), 'Scope to request.')),
      oauthRefreshToken: optional(
        secretField(
          'OAuth 2 refresh token',
          'Refresh token. Without one, the client credentials grant is used.',
        ),
      ),
    },
    problem: ({ host, port: at, security, oauthTokenUrl, oauthClientId }) => {
      if (security === 'none' && !isPrivate(host))
        return {
          field: 'security',
          message: 'Unencrypted mail is only sent to private addresses. Choose starttls or tls.',
        };
      if (security === 'tls' && at === 25)
        return { field: 'port', message: 'Port 25 starts in plain text. Choose starttls, or port 465.' };
      if ((oauthTokenUrl === null) !== (oauthClientId === null))
        return { field: 'oauthClientId', message: 'OAuth 2 needs a token address and a client id.' };
      return null;
    },
  }),
} as const;
