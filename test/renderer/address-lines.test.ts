import { describe, expect, it } from 'vitest';
import { hasManyLines, readAddressLines } from '../../renderer/hosts/form/address-lines.ts';
import { targetKey } from '../../shared/schema/target.ts';

describe('readAddressLines', () => {
  const known = new Set([targetKey({ host: 'known.example', port: 443, servername: null, starttls: null })]);

  it('reads one address a line, and passes over blank lines and comments', () => {
    const lines = readAddressLines('a.example\n\n# mail\r\n  b.example:8443  \n', known);
    expect(lines).toMatchObject([
      { line: 1, kind: 'new', understood: 'a.example' },
      { line: 4, kind: 'new', text: 'b.example:8443', understood: 'b.example:8443' },
    ]);
  });

  it('marks what is watched already, and what the text names twice', () => {
    const text = 'known.example\n\nnew.example\nknown.example\nNEW.example:443';
    const kinds = readAddressLines(text, known).map(({ kind }) => kind);
    expect(kinds).toEqual(['duplicate', 'new', 'duplicate', 'repeat']);
    expect(readAddressLines(text, known).at(-1)).toMatchObject({ line: 5, first: 3 });
  });

  it('keeps a line that it cannot read, with the reason, and cuts a long one', () => {
    const [bad] = readAddressLines(`bad host:port:${'x'.repeat(500)}`, known);
    expect(bad).toMatchObject({ line: 1, kind: 'invalid', message: expect.stringMatching(/\S/) });
    expect(bad?.text).toHaveLength(200);
  });

  it('tells one address from many', () => {
    expect(hasManyLines('a.example\n\n')).toBe(false);
    expect(hasManyLines('a.example\nb.example')).toBe(true);
  });
});
