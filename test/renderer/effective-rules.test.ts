import { describe, expect, it } from 'vitest';
import { keyWords, serialWords, usageWords } from '../../renderer/host-detail/certificate-words.ts';
import { effectiveRules } from '../../renderer/host-detail/use-job-detail.ts';
import { inheritedRules } from '../../shared/schema/alert-rules.ts';
import { settingsSchema } from '../../shared/schema/settings.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';

describe('the thresholds of a host', () => {
  const job = { tags: ['web', '24x7'], thresholds: defaultThresholds, alerts: inheritedRules };
  const tagRules = [
    { tag: '24x7', thresholds: { warning: { days: 40 }, critical: null }, alerts: inheritedRules },
  ];
  const settings = settingsSchema.parse({ tagRules, thresholds: { warning: null, critical: { days: 5 } } });

  it('come from the host, a tag, the settings or the default, each level by itself', () => {
    expect(effectiveRules(job, settings)).toEqual({
      thresholds: { warning: { days: 40 }, critical: { days: 5 } },
      origins: { warning: 'tag 24x7', critical: 'settings' },
    });
    const own = { ...job, thresholds: { warning: { days: 9 }, critical: null } };
    expect(effectiveRules(own, settingsSchema.parse({})).origins).toEqual({
      warning: 'this host',
      critical: 'default',
    });
  });
});

describe('the words of a certificate', () => {
  it('name keys, serial numbers and usages as other tools do', () => {
    expect(keyWords({ type: 'ec', bits: 256, curve: 'prime256v1', fingerprint256: null })).toBe(
      'ECDSA P-256',
    );
    expect(keyWords({ type: 'rsa', bits: 2048, curve: null, fingerprint256: null })).toBe('RSA 2048');
    expect(keyWords({ type: 'ed25519', bits: null, curve: null, fingerprint256: null })).toBe('ed25519');
    expect(serialWords('5C0E9')).toBe('05:C0:E9');
    expect(usageWords(['serverAuth', '1.2.3'])).toBe('TLS server, 1.2.3');
  });
});
