import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releaseNotes } from '../../build/package/release-notes.ts';
import packageJson from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
/** What GitHub takes as the text of a release, in characters. */
const maxNotes = 125_000;

describe('the release of this version', () => {
  it('has notes in CHANGELOG.md, in the sections of Keep a Changelog, that fit into a release', () => {
    const notes = releaseNotes(changelog, packageJson.version);
    const sections = [...notes.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name);
    const known = ['Security', 'Added', 'Changed', 'Deprecated', 'Removed', 'Fixed'];
    expect(sections.filter((name) => !known.includes(name))).toEqual([]);
    expect(sections.length).toBeGreaterThan(0);
    expect(notes.length).toBeLessThan(maxNotes);
    expect(changelog).toMatch(
      new RegExp(`^## \\[${packageJson.version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'),
    );
  });

  it('is that of the lock file', () =>
    expect([lock.version, lock.packages[''].version]).toEqual([packageJson.version, packageJson.version]));

  it('has none for a version that is not there', () =>
    expect(() => releaseNotes(changelog, '9.9.9')).toThrow('CHANGELOG.md has no heading for 9.9.9.'));
});
