import { channelType, originOf, perSecond } from './entry.ts';
import {
  choiceField,
  oneLine,
  optional,
  pairsField,
  secretField,
  textField,
  urlField,
  urlsField,
  withDefault,
} from './fields.ts';

const labelName = oneLine('A label’s name', 100).regex(
  /^[a-zA-Z_]\w*$/,
  'A label’s name has letters, digits and underscores (Prometheus).',
);
/** Tools that follow a problem from its beginning to its end. `pagerduty` is the smallest entry here. */
export const incidentTypes = {
  pagerduty: channelType({
    title: 'PagerDuty',
    about: 'Incidents in PagerDuty, resolved automatically',
    kind: 'incident',
    pace: [perSecond(8)],
    destination: ({ region }) => `https://events.${region === 'eu' ? 'eu.' : ''}pagerduty.com`,
    route: ['region'],
    fields: {
      routingKey: secretField(
        'Integration key',
        'Integration key of an Events API v2 integration.',
        (text) => (/^[0-9a-z]{32}$/i.test(text) ? null : 'An integration key has 32 letters and digits.'),
      ),
      region: withDefault(choiceField('Region', ['us', 'eu'], 'Region of your PagerDuty account.'), 'us'),
    },
  }),
  jsm: channelType({
    title: 'Jira Service Management',
    about: 'Alerts in Jira Service Management or Opsgenie, closed automatically',
    kind: 'incident',
    pace: [perSecond(5)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      apiKey: secretField('API key', 'API key of the team’s API integration.'),
      url: withDefault(
        urlField('Address', 'URL of the API. For Opsgenie, https://api.opsgenie.com until April 2027.'),
        'https://api.atlassian.com/jsm/ops/integration',
      ),
    },
  }),
  alertmanager: channelType({
    title: 'Alertmanager',
    about: 'Open alerts, posted to Prometheus Alertmanager every minute',
    kind: 'state',
    pace: [],
    destination: ({ urls }) => urls.map(originOf).join(' '),
    route: ['urls'],
    fields: {
      urls: urlsField(
        'Addresses',
        'An address',
        { least: 1, most: 5 },
        'URLs of Alertmanager. List every member of a cluster.',
      ),
      labels: withDefault(pairsField('Labels', labelName, 20, 'Labels to add to each alert.'), []),
      username: optional(
        textField('User name', oneLine('A user name', 100), 'User name for basic authentication.'),
      ),
      password: optional(secretField('Password', 'Password for basic authentication.')),
      token: optional(secretField('Bearer token', 'Token for bearer authentication.')),
    },
  }),
} as const;
