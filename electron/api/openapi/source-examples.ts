import { sourceInputSchema } from '../../../shared/schema/source.ts';
import type { ApiExample } from './examples.ts';

const sourceExample = { name: 'letsencrypt', paths: ['/etc/letsencrypt/live'], tags: ['web'] };
const counts = {
  files: 8,
  certificateFiles: 4,
  otherFiles: 4,
  unreadable: 0,
  isCut: false,
  warnings: [],
};
const source = {
  id: '6a1d2f0e-4f2b-4c0e-8b57-2f3c1d9e7a10',
  ...sourceInputSchema.parse(sourceExample),
  createdAt: '2026-09-14T08:00:00.000Z',
  updatedAt: '2026-09-14T08:00:00.000Z',
  ...counts,
  entries: 4,
  scannedAt: '2026-11-24T05:00:12.000Z',
  scanning: false,
};
const planned = {
  file: '/etc/letsencrypt/live/www.example.com/fullchain.pem',
  label: null,
  role: 'leaf',
  subject: 'CN=www.example.com',
  validTo: '2026-12-12T08:00:00.000Z',
};
const entry = {
  id: '0a1b2c3d4e5f',
  ...planned,
  alias: null,
  hasKey: false,
  fingerprint256:
    '5E:1C:9A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC',
  supersedes: 0,
  alsoAt: ['/etc/letsencrypt/live/www.example.com/cert.pem'],
  state: 'watched',
};
const oneSource = { params: { id: source.id } };

/** An example for every call about sources. */
export const sourceExamples: Readonly<Record<string, ApiExample>> = {
  'sources.list': { answer: { items: [source], total: 1 } },
  'sources.add': { body: sourceExample, answer: source },
  'sources.plan': { body: sourceExample, answer: { ...counts, entries: [planned], total: 4 } },
  'sources.get': { ...oneSource, answer: source },
  'sources.edit': { ...oneSource, body: { tags: ['web', 'public'] }, answer: source },
  'sources.remove': oneSource,
  'sources.scan': { ...oneSource, answer: source },
  'sources.entries': { ...oneSource, query: { limit: 20, offset: 0 }, answer: { items: [entry], total: 4 } },
  'sources.ignore': { ...oneSource, body: { entries: [entry.id], ignored: true }, answer: { entries: 1 } },
};
