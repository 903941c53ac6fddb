import { exportFormatEntries } from '../../../shared/domain/export-formats.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { defaultConnection } from '../../../shared/schema/connection.ts';
import { shownSettingsSchema } from '../../../shared/schema/settings.ts';
import { acceptanceExamples, expiring, fingerprint256 } from './acceptance-examples.ts';
import { channelExamples } from './channel-examples.ts';
import { discoveryExamples } from './discovery-examples.ts';
import { explanation } from './explanation-example.ts';
import { reportExample } from './report-example.ts';
import { reportScheduleExamples } from './report-schedule-examples.ts';
import { sourceExamples } from './source-examples.ts';
import { transferExamples } from './transfer-examples.ts';
import { leafExtensions } from './trust-examples.ts';

/** How a call is made, and what it answers. */
export interface ApiExample {
  params?: Record<string, string | number>;
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  answer?: unknown;
}

const id = '0b7e2c1a-7d3f-4a55-9a0e-6f1d2c3b4a59';
const alertId = 17;
const target = { host: 'www.example.com', port: 443, servername: null, starttls: null };

const settable = {
  target,
  name: 'Shop',
  schedule: { type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlin' },
  thresholds: { warning: { days: 20 }, critical: null },
  alerts: inheritedRules,
  accepted: [],
  tags: ['shop'],
  notes: 'Renewed by certbot on web-1.',
  caFiles: [],
  connection: defaultConnection,
  paused: false,
  pausedUntil: null,
};

const job = {
  id,
  ...settable,
  origin: null,
  createdAt: '2026-09-14T08:00:00.000Z',
  updatedAt: '2026-11-20T08:00:00.000Z',
  revision: 'u1Gm8bYc0dWq3xZk',
  status: 'warning',
  checking: false,
  nextDueAt: '2026-11-25T05:00:00.000Z',
  lastCheck: {
    checkedAt: '2026-11-24T05:00:12.000Z',
    status: 'warning',
    problems: [expiring],
    validFrom: '2026-09-13T08:00:00.000Z',
    validTo: '2026-12-12T08:00:00.000Z',
    expiresAt: '2026-12-12T08:00:00.000Z',
    limitedBy: null,
    fingerprint256,
    keywords:
      'www.example.com example.com cn=www.example.com 04d2 9f86d081 192.0.2.7 cn=example ca 1, o=example',
    issuer: 'Example CA 1',
    missed: 0,
    expectedRenewalAt: null,
    renewalOverdueAt: null,
  },
};

const certificate = {
  subject: 'CN=www.example.com',
  issuer: 'CN=Example CA 1, O=Example',
  sans: ['www.example.com', 'example.com'],
  serialNumber: '04A1F3',
  fingerprint256,
  validFrom: '2026-09-13T08:00:00.000Z',
  validTo: '2026-12-12T08:00:00.000Z',
  daysRemaining: 18,
  key: {
    type: 'ec',
    bits: 256,
    curve: 'P-256',
    fingerprint256: 'q1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v=',
  },
  signatureAlgorithm: 'ecdsa-with-SHA256',
  extendedKeyUsage: ['serverAuth'],
  extensions: leafExtensions,
  selfSigned: false,
};

const result = {
  target: { host: 'www.example.com', port: 443, servername: 'www.example.com', starttls: null },
  checkedAt: '2026-11-24T05:00:12.000Z',
  status: 'warning',
  problems: [{ ...expiring, remedy: 'Renew it; where it renews itself, look why it did not.' }],
  certificate,
  chain: [certificate],
  earliestExpiry: { subject: 'CN=www.example.com', validTo: '2026-12-12T08:00:00.000Z', role: 'leaf' },
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  address: '192.0.2.7',
  addresses: null,
  attempts: null,
  certificates: null,
  trust: {
    root: 'CN=Example Root, O=Example',
    stores: [{ store: 'mozilla', file: null }],
    path: [
      {
        subject: certificate.subject,
        fingerprint256: certificate.fingerprint256,
        validTo: certificate.validTo,
        isSent: true,
      },
    ],
  },
  transparency: {
    scts: [
      {
        logId: '7s3QZNXbGs7FXLedtM0TojKHRny87N7DUUhZRnEftZs=',
        timestamp: '2026-09-13T09:00:01.123Z',
        source: 'certificate',
      },
    ],
    isComplete: true,
  },
  timings: { dns: 2.1, tcp: 8.4, starttls: null, tls: 11.2, total: 21.9 },
  unreachable: null,
};

const alert = {
  id: alertId,
  jobId: id,
  key: 'expiry:5E:9A:0C',
  raisedAt: '2026-11-24T05:00:12.000Z',
  kind: 'expiring',
  severity: 'warning',
  title: 'Shop expires in 18 days',
  body: 'Its certificate, issued by Example CA 1, ends on 12 December 2026.',
  notifiedAt: '2026-11-24T05:00:12.000Z',
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
};

const settings = shownSettingsSchema.parse({ webhooks: [] });

const access = {
  url: 'http://127.0.0.1:7443/',
  listenUrl: null,
  token: 'Zk3c9v0pQ4x7m2Jt8s6Yb1Lw5Rn0Ah-Df_Ge2Ui9Xo4',
  tokenFile: '/home/ada/.config/NotAfter/token',
  calendarUrl: 'http://127.0.0.1:7443/calendar/8Qm2x0Zt5Yc7Lb3Vn9Kp1Rd6Sw4Hf-Jg_Ae8Ui2Xo5.ics',
  problem: null,
};

const delivery = {
  id: 3,
  hook: 'ops',
  title: 'Shop expires in 18 days',
  createdAt: '2026-11-24T05:00:12.000Z',
  state: 'failed',
  attempts: 6,
  nextAttemptAt: null,
  error: 'It answered 502.',
};

const touched = { jobs: 1 };
const ids = [id];
const one = { params: { id } };

/** An example for every call, by its name in the contract. */
export const apiExamples: Readonly<Record<string, ApiExample>> = {
  'jobs.list': {
    query: { limit: 20, offset: 0, sort: 'expiry', status: 'warning', tag: 'shop', search: 'example' },
    answer: { items: [job], total: 1 },
  },
  'jobs.add': {
    body: { target: { host: 'www.example.com' }, name: 'Shop', tags: ['shop'] },
    answer: job,
  },
  ...Object.fromEntries(
    exportFormatEntries.map(([format, { example }]) => [`jobs.export.${format}`, { answer: example }]),
  ),
  'jobs.import': {
    query: { dryRun: true, format: 'notafter' },
    body: { jobs: [{ target: { host: 'mail.example.com', port: 587 }, tags: ['mail'] }] },
    answer: {
      format: 'notafter',
      dryRun: true,
      added: 1,
      merged: 0,
      duplicates: 0,
      invalid: 0,
      entries: [{ line: 1, text: 'mail.example.com:587', outcome: 'added', id: null, message: null }],
    },
  },
  report: reportExample(id),
  'jobs.checkAll': { body: { ids }, answer: { started: 1 } },
  'jobs.stopChecks': { answer: { stopped: 1 } },
  'jobs.editMany': {
    body: {
      ids,
      patch: { schedule: { type: 'interval', minutes: 720 } },
      addTags: ['public'],
      removeTags: ['old'],
    },
    answer: touched,
  },
  'jobs.removeMany': { body: { ids }, answer: touched },
  'jobs.get': { ...one, answer: { ...job, lastResult: { ...result, missed: 0 }, certificates: [] } },
  'jobs.edit': { ...one, body: { schedule: { type: 'interval', minutes: 30 } }, answer: job },
  'jobs.remove': one,
  'jobs.check': { ...one, answer: result },
  ...acceptanceExamples(id, job),
  'jobs.pause': {
    ...one,
    body: { minutes: 60 },
    answer: { ...job, paused: true, pausedUntil: '2026-11-24T06:00:00.000Z' },
  },
  'jobs.resume': { ...one, body: {}, answer: job },
  'jobs.pauseAll': { body: { ids, minutes: 60 }, answer: touched },
  'jobs.resumeAll': { body: { ids }, answer: touched },
  'jobs.chain': { ...one, answer: { pem: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n'] } },
  'jobs.explain': { ...one, answer: explanation },
  'jobs.trend': {
    ...one,
    answer: {
      points: [
        {
          at: '2026-11-24T05:00:12.000Z',
          status: 'warning',
          validTo: '2026-12-12T08:00:00.000Z',
          totalMs: 21.9,
        },
      ],
    },
  },
  'jobs.history': {
    ...one,
    query: { limit: 20, offset: 0 },
    answer: { items: [{ ...result, missed: 0 }], total: 1 },
  },
  check: { body: { target: { host: 'www.example.com' } }, answer: result },
  'alerts.list': {
    query: { limit: 20, offset: 0, jobId: id, severity: 'warning', open: true },
    answer: { items: [alert], total: 1 },
  },
  'alerts.acknowledge': { body: { ids: [alertId] }, answer: { alerts: 1 } },
  'alerts.snooze': {
    params: { id: alertId },
    body: { until: 'renewed' },
    answer: { ...alert, snoozedUntil: 'renewed' },
  },
  ...channelExamples,
  'hooks.deliveries': {
    query: { limit: 20, offset: 0, state: 'failed' },
    answer: { items: [delivery], total: 1 },
  },
  'hooks.retry': { body: { ids: [3] }, answer: { deliveries: 1 } },
  'hooks.discard': { body: { ids: [3] }, answer: { deliveries: 1 } },
  'hooks.test': { body: { name: 'ops' }, answer: { delivered: false, message: 'It answered 404.' } },
  ...reportScheduleExamples,
  ...sourceExamples,
  ...discoveryExamples,
  events: {
    answer: `id: 4be2b0f4a1c9-18\nevent: message\ndata: ${JSON.stringify({ type: 'job-removed', id })}\n\n`,
  },
  'settings.get': { answer: settings },
  'settings.edit': { body: { checksAtOnce: 20 }, answer: { ...settings, checksAtOnce: 20 } },
  'access.get': { answer: access },
  'access.rotateToken': { answer: access },
  ...transferExamples,
  status: {
    answer: {
      warning: null,
      offlineSince: null,
      pause: null,
      quietUntil: null,
      desktop: null,
      interruption: null,
      failingChannels: [{ name: 'ops', since: '2026-11-24T09:12:00.000Z' }],
      version: '0.2.0',
      exampleFile: null,
      logFile: '/home/me/.config/NotAfter/logs/notafter.log',
      jobs: 1,
      paused: 0,
      checking: 0,
      checks: { done: 0, running: 0, waiting: 0, runningIds: [] },
      byStatus: { ok: 0, warning: 1, critical: 0, unreachable: 0, pending: 0 },
    },
  },
};
