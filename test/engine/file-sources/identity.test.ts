import { describe, expect, it } from 'vitest';
import {
  containerOf,
  currentOf,
  type FoundEntry,
  type KnownEntry,
  matchEntries,
} from '../../../electron/engine/file-sources/identity.ts';

const day = 86_400_000;
const found = (fingerprint256: string, more: Partial<FoundEntry> = {}): FoundEntry => ({
  file: '/a.pem',
  passphraseFile: null,
  label: null,
  alias: null,
  role: 'leaf',
  hasKey: false,
  chain: [],
  fingerprint256,
  key: `key of ${fingerprint256}`,
  subject: `CN=${fingerprint256}`,
  issuer: 'CN=CA',
  names: `names of ${fingerprint256}`,
  validFrom: new Date(0).toISOString(),
  validTo: new Date(day).toISOString(),
  ...more,
});
const known = (fingerprint256: string, more: Partial<FoundEntry & KnownEntry> = {}) => {
  const { label, role, key, names, subject, vanishedAt = null } = { ...found(fingerprint256), ...more };
  return { id: `was ${fingerprint256}`, label, role, fingerprint256, key, names, subject, vanishedAt };
};
const match = (before: ReturnType<typeof known>[], now: FoundEntry[]) => {
  const { kept, gone, added } = matchEntries(before, currentOf(now));
  return {
    kept: kept.map(({ known: { id }, current }) => [id, current.found.fingerprint256]),
    gone: gone.map(({ id }) => id),
    added: added.map((one) => one.found.fingerprint256),
  };
};

describe('an entry is the same one after a renewal', () => {
  it.each([
    ['that kept its alias, though all else is another', { label: 'web' }, { label: 'web' }],
    ['that kept its key', { key: 'k' }, { key: 'k' }],
    ['that kept its names', { names: 'n' }, { names: 'n' }],
    ['that kept its subject', { subject: 'CN=web' }, { subject: 'CN=web' }],
    ['under another name, where it is alone in its file', {}, {}],
  ])('%s', (_words, before, after) => {
    expect(match([known('old', before)], [found('new', after)])).toEqual({
      kept: [['was old', 'new']],
      gone: [],
      added: [],
    });
  });

  it('whose alias was renamed: the certificate itself tells it', () => {
    expect(match([known('a', { label: 'old name' })], [found('a', { label: 'new name' })]).kept).toEqual([
      ['was a', 'a'],
    ]);
  });

  it('under another name in a bundle of two: it is the one that is left', () => {
    expect(match([known('a'), known('b')], [found('a'), found('c')])).toEqual({
      kept: [
        ['was a', 'a'],
        ['was b', 'c'],
      ],
      gone: [],
      added: [],
    });
  });

  it('never by being left where two could be it', () => {
    expect(match([known('a'), known('b')], [found('c'), found('d')])).toEqual({
      kept: [],
      gone: ['was a', 'was b'],
      added: ['c', 'd'],
    });
  });

  it('and not that of another role, nor one that has been gone for long', () => {
    expect(match([known('a')], [found('ca', { role: 'anchor' })]).gone).toEqual(['was a']);
    const vanished = known('a', { vanishedAt: new Date(0).toISOString() });
    expect(match([vanished], [found('b')])).toMatchObject({ kept: [], added: ['b'] });
    expect(match([vanished], [found('a')]).kept).toEqual([['was a', 'a']]);
  });

  it('at each of two aliases that hold one certificate', () => {
    const twice = [found('a', { label: 'one' }), found('a', { label: 'two' })];
    expect(match([known('a', { label: 'two' }), known('a', { label: 'one' })], twice).gone).toEqual([]);
  });
});

describe('of certificates that a store keeps after their renewal', () => {
  it('the one that is valid for longest counts, and the others are counted', () => {
    const alike = { names: 'n' };
    const current = currentOf([
      found('old', alike),
      found('new', { ...alike, validTo: new Date(9 * day).toISOString() }),
      found('older', { ...alike, validTo: new Date(0).toISOString() }),
      found('other'),
    ]);
    expect(current.map((one) => [one.found.fingerprint256, one.supersedes])).toEqual([
      ['new', 2],
      ['other', 0],
    ]);
  });
});

describe('a container', () => {
  it.each([
    ['/etc/letsencrypt/live/a/fullchain.pem', '/etc/letsencrypt/live/a/fullchain.pem'],
    ['/etc/letsencrypt/archive/a/fullchain12.pem', '/etc/letsencrypt/archive/a/fullchain*.pem'],
    [
      '/var/lib/kubelet/pki/kubelet-client-2026-11-02-10-11-12.pem',
      '/var/lib/kubelet/pki/kubelet-client-*.pem',
    ],
    // These are servers, not versions.
    ['/etc/ssl/web1.pem', '/etc/ssl/web1.pem'],
    ['/etc/ssl/10.0.0.1.pem', '/etc/ssl/10.0.0.1.pem'],
    ['C:\\certs\\cert3.pem', 'C:\\certs\\cert*.pem'],
  ])('of %s is %s', (file, container) => expect(containerOf(file)).toBe(container));
});
