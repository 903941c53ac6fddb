import { readFileSync } from 'node:fs';
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { check } from 'recheck';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

/**
 * Every regular expression of ours may meet text of others (finding 8), so each must take a time that grows with the text and not with its
 * square. recheck (https://makenowjust-labs.github.io/recheck/) proves that or finds an attack.
 */
interface Found {
  place: string;
  source: string;
  flags: string;
}

/** Visits every node of a syntax tree. */
function visit(node: unknown, see: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, see);
  else if (typeof node === 'object' && node !== null) {
    see(node as Record<string, unknown>);
    for (const child of Object.values(node)) visit(child, see);
  }
}

const literals: Found[] = [];
const constructed: string[] = [];
for (const path of sourceFiles(['electron', 'shared', 'renderer'])) {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  visit(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }), (node) => {
    const place = `${path}:${text.slice(0, Number(node['start'])).split('\n').length}`;
    const regex = node['regex'] as { pattern: string; flags: string } | undefined;
    if (node['type'] === 'Literal' && regex)
      literals.push({ place, source: regex.pattern, flags: regex.flags });
    const callee = node['callee'] as { name?: string } | undefined;
    if (/^(New|Call)Expression$/.test(String(node['type'])) && callee?.name === 'RegExp')
      constructed.push(place);
  });
}

const maxBound = 1_000;

/**
 * Whether an expression is linear by its form alone: nothing in it repeats without a bound; or one thing does, in no other repetition, from
 * one place in the text, its beginning.
 */
function isPlainlyLinear({ source, flags }: Found): boolean {
  let loops = 0;
  let isNested = false;
  let depth = 0;
  let hasReference = false;
  const isUnbounded = (max: number) => max > maxBound;
  const ast = new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes('u') });
  visitRegExpAST(ast, {
    onQuantifierEnter({ max }) {
      if (depth > 0) isNested = true;
      if (isUnbounded(max)) loops += 1;
      if (max > 1) depth += 1;
    },
    onQuantifierLeave({ max }) {
      if (max > 1) depth -= 1;
    },
    onBackreferenceEnter() {
      hasReference = true;
    },
  });
  if (hasReference) return false;
  if (loops === 0) return !isNested;
  const isAnchored = ast.alternatives.every(
    ({ elements: [first] }) => first?.type === 'Assertion' && first.kind === 'start',
  );
  return loops === 1 && !isNested && isAnchored && !flags.includes('m');
}

const timeoutMs = 60_000;

describe('the regular expressions of electron, shared and renderer (finding 8)', () => {
  it('are written out, so that each can be looked at', () => {
    expect(literals.length).toBeGreaterThan(100);
    expect(constructed).toEqual([]);
  });

  const others = [
    ...new Map(
      literals.filter((one) => !isPlainlyLinear(one)).map((one) => [`/${one.source}/${one.flags}`, one]),
    ),
  ];

  it('are linear', async () => {
    const verdicts: string[] = [];
    const waiting = [...others];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [text, { place, source, flags }] = next;
        const found = await check(source, flags, { timeout: timeoutMs });
        if (found.status === 'safe') continue;
        const attack =
          found.status === 'vulnerable' ? `${found.complexity.summary}: ${found.attack.pattern}` : '';
        verdicts.push(`${place} ${text} ${found.status} ${attack}`);
      }
    };
    await Promise.all([work(), work()]);
    expect(verdicts).toEqual([]);
  }, 300_000);

  it.each([
    ['(^|\\s)#.*$', ''],
    ['^(\\s*-\\s*targets|scrape_configs)\\s*:', 'm'],
    ['<(proceed|failure)\\b[^>]*>', ''],
    ['^(a+)+$', ''],
    ['^[a-z]+[a-z]*$', ''],
  ])('would be found where they are not: /%s/%s', async (source, flags) => {
    expect(isPlainlyLinear({ place: '', source, flags })).toBe(false);
    expect(await check(source, flags, { timeout: timeoutMs })).toMatchObject({ status: 'vulnerable' });
  });
});
