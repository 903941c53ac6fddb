import { channelType, originOf, perSecond } from './entry.ts';
import {
  choiceField,
  httpUrl,
  listField,
  oneLine,
  optional,
  pairsField,
  secretField,
  textField,
  urlField,
  withDefault,
} from './fields.ts';

const labelName = oneLine('A label’s name', 100).regex(
  /^[a-zA-Z_]\w*$/,
  'A label’s name has letters, digits and underscores (Prometheus).',
);
/** Tools that follow a problem from its beginning to its end. `pagerduty` is the smallest entry. */
export const incidentTypes = {
  pagerduty: channelType({
    title: 'PagerDuty',
    about: 'Incidents in PagerDuty, resolved when the problem is',
    kind: 'incident',
    pace: [perSecond(8)],
    destination: ({ region }) => `https://events.${region === 'eu' ? 'eu.' : ''}pagerduty.com`,
    fields: {
      routingKey: secretField(
        'Integration key',
        'Key of an Events API v2 integration of the service.',
        (text) => (/^[0-9a-z]{32}$/i.test(text) ? null : 'An integration key has 32 letters and digits.'),
      ),
      region: withDefault(choiceField('Region', ['us', 'eu'], 'Where your PagerDuty account is.'), 'us'),
    },
  }),
  jsm: channelType({
    title: 'Jira Service Management',
    about: 'Alerts in Jira Service Management or Opsgenie, closed when the problem is',
    kind: 'incident',
    pace: [perSecond(5)],
    destination: ({ url }) => originOf(url),
    fields: {
      apiKey: secretField('API key', 'Key of an API integration of the team.'),
      url: withDefault(
        urlField('Address', 'Address of the API; https://api.opsgenie.com until April 2027.'),
        'https://api.atlassian.com/jsm/ops/integration',
      ),
    },
  }),
  alertmanager: channelType({
    title: 'Alertmanager',
    about: 'Open alerts, posted to Prometheus’ Alertmanager every minute',
    kind: 'state',
    pace: [],
    destination: ({ urls }) => urls.map(originOf).join(' '),
    fields: {
      urls: listField(
        'Addresses',
        httpUrl('An address'),
        { least: 1, most: 5 },
        'Addresses of Alertmanager; each of a cluster.',
      ),
      labels: withDefault(pairsField('Labels', labelName, 20, 'Labels to add to each alert.'), []),
      username: optional(
        textField('User name', oneLine('A user name', 100), 'Name for basic authentication.'),
      ),
      password: optional(secretField('Password', 'Password for basic authentication.')),
      token: optional(secretField('Bearer token', 'Token for bearer authentication.')),
    },
  }),
} as const;
