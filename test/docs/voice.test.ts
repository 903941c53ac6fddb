import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/**
 * Turns that no engineer says to a colleague: docs/glossary.md has the words for what they mean. Held in sources with their comments,
 * in what the API and the command line print, and in the docs.
 */
const turns: readonly RegExp[] = [
  /\b(?:anew|thus|whoever|nobody)\b/i,
  /\b(?:is|are|was|were|be|been) (?:said|told)\b/i,
  /\b(?:is|are|was|were|be|been) looked at\b/i,
  /\bhears? of\b/i,
  /\bof (?:its|their|one['’]s) own\b/i,
  /\bhow (?:many|they|it|[a-z]+ itself|the job) stands?\b/i,
  /\btake[ns]? back\b/i,
  /\bsomebody\b/i,
  /\bunless given\b/i,
  /\bbeside the usual\b/i,
  /\bis there already\b/i,
  /\bgood no longer\b/i,
  /\bstands? for\b/i,
  /\b(?:is|are) there no more\b/i,
  /\bcounts? no more\b/i,
];

/** Old entries of the changelog stay as they were written; kept lines of the glossary name what not to write. */
const kept = /^(?:CHANGELOG\.md|docs\/glossary\.md)/;

const files = execFileSync('git', ['ls-files', 'electron', 'shared', 'renderer', 'build', 'docs', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(?:tsx?|js|md)$/.test(file) && !kept.test(file));

describe('the words of sources and docs', () => {
  it('finds both', () => {
    expect(files).toContain('README.md');
    expect(files).toContain('electron/engine/engine.ts');
  });

  it.each(turns)('have no %s', (turn) => {
    const found = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (turn.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
});
