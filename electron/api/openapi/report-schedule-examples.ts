import { reportScheduleSchema } from '../../../shared/schema/report-schedule.ts';
import type { ApiExample } from './examples.ts';

const given = { name: 'weekly', pattern: '0 8 * * 1', timezone: 'Europe/Berlin', channels: ['ops'] };
const report = {
  ...reportScheduleSchema.parse(given),
  nextAt: '2026-11-30T07:00:00.000Z',
  lastAt: '2026-11-23T07:00:00.000Z',
  problem: null,
  revision: 'k3x0uN2pQ8sVb1Yt',
};
const one = { params: { name: 'weekly' } };

/** An example for every call about scheduled reports. */
export const reportScheduleExamples: Readonly<Record<string, ApiExample>> = {
  'reports.list': { answer: { items: [report], total: 1 } },
  'reports.add': { body: given, answer: report },
  'reports.get': { ...one, answer: report },
  'reports.edit': { ...one, body: { days: 30 }, answer: { ...report, days: 30 } },
  'reports.remove': one,
  'reports.send': { ...one, answer: { channels: ['ops'], file: null, problem: null } },
};
