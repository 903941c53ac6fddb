import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemKind } from '../../shared/domain/problems/problem-kinds.ts';
import { protocolEntries } from '../../shared/domain/starttls/protocols.ts';
import { problemCodeSchema } from '../../shared/schema/check-result.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/checks.md'), 'utf8');

/** The rows of the table under a heading, each as its cells. */
function rows(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `.*$/gm)].map(([line]) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/checks.md', () => {
  it('has a line for each problem, in order', () =>
    expect(rows('Problems').map(([code]) => code)).toEqual(
      problemCodeSchema.options.map((code) => `\`${code}\``),
    ));

  it.each(problemCodeSchema.options.filter((code) => code !== 'unreachable'))(
    'names the severity of %s',
    (code) => {
      const row = rows('Problems').find(([name]) => name === `\`${code}\``);
      expect(row?.[1]?.split(', ')).toContain(problemKind(code)?.severity);
    },
  );

  it('has a line for each STARTTLS protocol, in order, with its ports', () =>
    expect(rows('STARTTLS').map(([name, title, ports]) => [name, title, ports])).toEqual(
      protocolEntries.map(([name, { title, ports }]) => [`\`${name}\``, title, ports.join(', ')]),
    ));
});
