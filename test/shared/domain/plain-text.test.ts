import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneLine, isPlainText, toOneLine, toPlainText } from '../../../shared/domain/plain-text.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';

describe('names', () => {
  const bad = [
    'a\u0000b',
    'a\nb',
    'a\rb',
    'a\u001b[31m',
    'a\u009bb',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\u007fb',
  ];
  it.each(bad)('%j is refused as a name, a tag and the name of a webhook', (name) => {
    expect(isOneLine(name)).toBe(false);
    const job = (fields: object) =>
      jobInputSchema.safeParse({ target: { host: 'a.example' }, ...fields }).success;
    expect([job({ name }), job({ tags: [name] })]).toEqual([false, false]);
    expect(webhookSchema.safeParse({ name, url: 'https://h.example' }).success).toBe(false);
  });

  it.each(['Müller & Söhne', '日本語', 'שלום', '👩‍💻 dev', 'a  b', 'name “quoted”'])(
    '%s is a name',
    (name) => {
      expect(isOneLine(name)).toBe(true);
      expect(toOneLine(name)).toBe(name);
    },
  );

  it('become one line, and texts plain, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isOneLine(toOneLine(text))).toBe(true);
        expect(isPlainText(toPlainText(text))).toBe(true);
      }),
    );
    expect(toPlainText('one\n\ttwo\u0000')).toBe('one\n\ttwo');
    expect(isPlainText('one\r\n\ttwo')).toBe(true);
  });
});
