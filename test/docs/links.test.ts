import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

/** Code is no prose: a bracket in it is no link. */
function prose(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');
}

/** Returns the anchors of a page's headings, as GitHub makes them: lower case, spaces as hyphens, punctuation dropped. */
function anchors(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

const links = files.flatMap((file) =>
  [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ file, target })),
);
const local = links.filter(({ target }) => !/^[a-z]+:/i.test(target));

describe('the links between pages', () => {
  it('are found', () => {
    expect(local.length).toBeGreaterThan(30);
    expect(local).toContainEqual({ file: 'README.md', target: 'docs/api.md' });
  });

  it('lead to a file, and to a heading where they name one', () => {
    const broken = local.filter(({ file, target }) => {
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? file : join(dirname(file), decodeURIComponent(path));
      if (!existsSync(join(root, to))) return true;
      return anchor !== undefined && !anchors(to).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
