import { savedSearchInputSchema } from '../../../shared/schema/saved-search.ts';
import type { ApiExample } from './examples.ts';

const searchExample = {
  name: 'office',
  targets: ['10.0.0.0/24', 'mail.example.com'],
  dns: [{ domain: 'corp.example', transfer: 'ns1.corp.example' }],
  ports: 'web,mail',
  exclude: ['10.0.0.9'],
  schedule: { type: 'cron', pattern: '0 3 * * 1', timezone: 'Europe/Berlin' },
} as const;
const id = '2c9f6f0e-7b1d-4b52-9b0a-6a2f1f6f3b55';
const run = {
  id: 12,
  discoveryId: id,
  startedAt: '2026-11-23T02:00:00.000Z',
  endedAt: '2026-11-23T02:03:11.000Z',
  state: 'done',
  progress: { planned: 3585, tried: 3585, open: 19, tls: 14, connections: 3631, silentHosts: 203, found: 15 },
  new: 1,
  changed: 2,
  vanished: 0,
  notes: [],
  reason: null,
};
const search = {
  id,
  ...savedSearchInputSchema.parse({
    ...searchExample,
    targets: [...searchExample.targets],
    dns: [...searchExample.dns],
    exclude: [...searchExample.exclude],
  }),
  publicConsentAt: null,
  createdAt: '2026-11-02T08:00:00.000Z',
  updatedAt: '2026-11-02T08:00:00.000Z',
  revision: 'Qm3vT0c9aXr1LkZe',
  nextRunAt: '2026-11-30T02:00:00.000Z',
  lastRun: run,
  finds: { new: 1, 'needs-name': 1, watched: 12, ignored: 1, vanished: 0 },
};
const find = {
  id: 7,
  discoveryId: id,
  address: '10.0.0.21',
  port: 8443,
  starttls: null,
  names: ['wiki.example.com'],
  suggested: { host: '10.0.0.21', port: 8443, servername: 'wiki.example.com', starttls: null },
  leaf: {
    subject: 'CN=wiki.example.com',
    issuer: 'CN=Example Issuing CA,O=Example',
    sans: ['wiki.example.com'],
    validTo: '2027-01-14T08:00:00.000Z',
    fingerprint256:
      '5E:1C:9A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC',
    problems: [],
    isPlaceholder: false,
  },
  state: 'new',
  note: null,
  jobId: null,
  firstSeenAt: '2026-11-23T02:01:40.000Z',
  lastSeenAt: '2026-11-23T02:01:40.000Z',
  changedAt: null,
};
const plan = {
  addresses: 255,
  hosts: 1,
  ports: [443, 8443, 25],
  connections: 768,
  excluded: 3,
  publicAddresses: 0,
  seconds: 39,
  notes: [],
  refused: [],
  sent: 0,
};
const oneSearch = { params: { id } };

/** An example for every call about saved searches. */
export const discoveryExamples: Readonly<Record<string, ApiExample>> = {
  'discoveries.list': { answer: { items: [search], total: 1 } },
  'discoveries.add': { body: searchExample, answer: search },
  'discoveries.plan': { body: searchExample, answer: plan },
  'discoveries.networks': { answer: { items: ['192.168.1.0/24'] } },
  'discoveries.get': { ...oneSearch, answer: search },
  'discoveries.edit': { ...oneSearch, body: { ports: 'web', notify: true }, answer: search },
  'discoveries.remove': oneSearch,
  'discoveries.run': {
    ...oneSearch,
    answer: {
      ...run,
      id: 13,
      startedAt: '2026-11-24T10:00:00.000Z',
      endedAt: null,
      state: 'running',
      new: 0,
      changed: 0,
    },
  },
  'discoveries.stop': oneSearch,
  'discoveries.runs': { ...oneSearch, query: { limit: 20, offset: 0 }, answer: { items: [run], total: 4 } },
  'discoveries.finds': {
    query: { limit: 20, offset: 0, discovery: id, state: 'new', search: 'wiki' },
    answer: { items: [find], total: 1 },
  },
  'discoveries.addFinds': {
    body: { ids: [7], tags: ['office'] },
    answer: { added: 1, leftOut: 0, missing: 0 },
  },
  'discoveries.ignoreFinds': { body: { ids: [7], ignored: true }, answer: { finds: 1, missing: 0 } },
  'discoveries.forgetFinds': {
    body: { state: 'vanished', lastSeenBefore: '2026-11-01T00:00:00Z' },
    answer: { finds: 3 },
  },
};
