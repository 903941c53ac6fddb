import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

/**
 * Returns what CHANGELOG.md says of a version: the text below its heading (`## [0.2.0] - 2026-11-26`, Keep a Changelog).
 * @throws Error if it says nothing of it
 */
export function releaseNotes(changelog: string, version: string): string {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start === -1) throw new Error(`CHANGELOG.md has no heading for ${version}.`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## ['));
  return `${lines
    .slice(start + 1, end === -1 ? undefined : end)
    .join('\n')
    .trim()}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
  process.stdout.write(releaseNotes(changelog, packageJson.version));
}
