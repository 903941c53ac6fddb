import { describe, expect, it } from 'vitest';
import {
  chosenStarttls,
  emptyForm,
  fieldFor,
  formOf,
  jobOf,
  scheduleOf,
  thresholdsOf,
} from '../../renderer/hosts/form/form-values.ts';
import { type JobInput, jobInputSchema } from '../../shared/schema/job.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const read = (values: Partial<typeof emptyForm>): JobInput => {
  const form = jobOf({ ...emptyForm, ...values });
  if (!form.ok) throw new Error(JSON.stringify(form.errors));
  return form.job;
};

describe('the form of a job', () => {
  it.each([
    ['a host', jobView('plain.example', 30, now)],
    [
      'STARTTLS and another name',
      jobView('mail.example', 30, now, {
        target: { host: 'mail.example', port: 25, servername: 'mx.example', starttls: 'smtp' },
        tags: ['mail'],
        notes: 'Two lines\nof notes',
        caFiles: ['/etc/ssl/a.pem', '/etc/ssl/b.pem'],
        schedule: { type: 'cron', pattern: '0 6 * * 1', timezone: 'Europe/Berlin' },
        thresholds: { warning: { days: 20 }, critical: { share: 0.1 } },
      }),
    ],
    [
      'a certificate file',
      jobView('file', 30, now, {
        target: { file: '/etc/ssl/site.p12', passphraseFile: '/etc/ssl/site.pass' },
        schedule: { type: 'interval', minutes: 90 },
      }),
    ],
  ])('shows %s and gives it back unchanged', (_, job) => {
    const { target, name, schedule, thresholds, alerts, tags, caFiles, notes, connection } = job;
    const back = jobOf(formOf(job), alerts);
    expect(back).toEqual({
      ok: true,
      job: { target, name, schedule, thresholds, alerts, tags, caFiles, notes, connection },
    });
    // What the form gives is what the engine accepts.
    expect(back.ok && jobInputSchema.safeParse(back.job).success).toBe(true);
  });

  it('puts the sentence for an address beside the address', () => {
    const refused = jobOf({ ...emptyForm, address: 'https://' });
    expect(refused).toMatchObject({ ok: false, errors: { address: expect.stringMatching(/\S/) } });
  });

  it('puts the sentence for a threshold beside the threshold', () => {
    const rules = { ...emptyForm.rules, warning: 'soon' };
    expect(jobOf({ ...emptyForm, address: 'a.example', rules })).toMatchObject({
      ok: false,
      errors: { 'rules.warning': expect.stringContaining('30 %') },
    });
    expect(thresholdsOf({ ...emptyForm, rules })).toEqual({ warning: null, critical: null });
  });

  it('takes the usual protocol of a port, another one, or none', () => {
    expect(read({ address: 'a.example:25' }).target).toMatchObject({ starttls: 'smtp' });
    expect(read({ address: 'a.example:25', starttls: 'none' }).target).toMatchObject({ starttls: null });
    expect(chosenStarttls('imap', 'smtp')).toBe('imap');
  });

  it('has a client certificate as soon as either of its files is named', () => {
    expect(read({ address: 'a.example' }).connection?.clientCertificate).toBeNull();
    expect(read({ address: 'a.example', keyFile: '/k.pem' }).connection?.clientCertificate).toEqual({
      certFile: '',
      keyFile: '/k.pem',
      passphraseFile: null,
    });
  });

  it('leaves out a time zone that is blank', () => {
    expect(scheduleOf({ ...emptyForm, scheduleType: 'cron', timezone: ' ' })).toEqual({
      type: 'cron',
      pattern: emptyForm.pattern,
    });
  });

  it.each([
    [['target', 'servername'], 'servername'],
    [['schedule', 'minutes'], 'minutes'],
    [['schedule', 'pattern'], 'pattern'],
    [['connection', 'clientCertificate', 'keyFile'], 'keyFile'],
    [['alerts', 'maintenance', 0, 'from'], 'rules.maintenance'],
    [['target', 'host'], 'address'],
    [[], 'address'],
  ])('shows a sentence about %j at the field %s', (path, field) => {
    expect(fieldFor(path)).toBe(field);
  });
});
