import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { axisDates } from '../../renderer/host-detail/axis-dates.ts';
import { dateFormats } from '../../renderer/lib/dates.ts';

/** The release of Unicode's data that Node has decides these; what they must not contain is ours. */
const time = '2026-11-29T10:19:00Z';

const sources = ['renderer', 'shared'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, '../..', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(import.meta.dirname, '../..', folder, name)),
);

describe('formats of dates, numbers and names', () => {
  it('are made when they are first needed, and not while the page loads', () => {
    expect(sources.length).toBeGreaterThan(100);
    const early = sources.filter((file) =>
      /^(?:export )?(?:const|let) .*new Intl\./m.test(readFileSync(file, 'utf8')),
    );
    expect(early).toEqual([]);
  });

  it('are made once, and only those that are used', () => {
    const { DateTimeFormat } = Intl;
    let made = 0;
    class Counted extends DateTimeFormat {
      constructor(...options: ConstructorParameters<typeof DateTimeFormat>) {
        super(...options);
        made += 1;
      }
    }
    Intl.DateTimeFormat = Counted as typeof DateTimeFormat; // SAFETY: it is one, and counts.
    try {
      const { exactDate } = dateFormats('en-US', 'Europe/Berlin');
      expect(made).toBe(0);
      expect([exactDate(time), exactDate(time)]).toEqual(['Nov 29, 2026', 'Nov 29, 2026']);
      expect(made).toBe(2); // That, and what the locale is used to.
    } finally {
      Intl.DateTimeFormat = DateTimeFormat;
    }
  });
});

describe('the dates of the page', () => {
  it.each([
    ['en-US', 'Sun, Nov 29, 2026, 11:19 AM', 'Nov 29, 2026', 'Nov 29'],
    ['en-GB', 'Sun, 29 Nov 2026, 11:19', '29 Nov 2026', '29 Nov'],
    ['de', 'Sun, 29 Nov 2026, 11:19', '29 Nov 2026', '29 Nov'],
    ['ja', 'Sun, Nov 29, 2026, 11:19', 'Nov 29, 2026', 'Nov 29'],
    ['fa', 'Sun, Nov 29, 2026, 11:19', 'Nov 29, 2026', 'Nov 29'],
    ['ar-EG', 'Sun, 29 Nov 2026, 11:19 am', '29 Nov 2026', '29 Nov'],
    ['th', 'Sun, 29 Nov 2026, 11:19', '29 Nov 2026', '29 Nov'],
  ])(
    'in %s are English, Latin and Gregorian, in the order and clock of the locale',
    (locale, full, date, day) => {
      const formats = dateFormats(locale, 'Europe/Berlin');
      expect([formats.exactTime(time), formats.exactDate(time), formats.shortDate(time)]).toEqual([
        full,
        date,
        day,
      ]);
    },
  );

  it.each([
    ['Europe/Berlin', 'Sun, 29 Nov 2026, 11:19'],
    ['America/Los_Angeles', 'Sun, 29 Nov 2026, 02:19'],
    ['Asia/Kathmandu', 'Sun, 29 Nov 2026, 16:04'],
    ['Pacific/Auckland', 'Sun, 29 Nov 2026, 23:19'],
  ])('are those of %s, with UTC on hover', (zone, full) => {
    const { exactTime, bothZones } = dateFormats('en-GB', zone);
    expect(exactTime(time)).toBe(full);
    expect(bothZones(time)).toMatch(/^Sun, 29 Nov 2026, .* · 2026-11-29 10:19 UTC$/);
  });

  it('join two days of a month, and name one day once', () => {
    const { dayRange } = dateFormats('en-GB', 'UTC');
    expect(dayRange('2026-11-25T00:00:00Z', '2026-11-26T23:59:59Z')).toMatch(/^25 ?[–-] ?26 Nov$/);
    expect(dayRange('2026-11-25T00:00:00Z', '2026-11-25T23:59:59Z')).toBe('25 Nov');
  });
});

describe('the time axis of a chart', () => {
  const hour = 3_600;
  const at = Date.parse(time) / 1000;

  it.each([
    ['en-US', hour, ['11:19 AM', '12:19 PM']],
    ['de', hour, ['11:19', '12:19']],
    ['de', 24 * hour, ['29 Nov', '30 Nov']],
    ['fa', 7 * 24 * hour, ['Nov 29', 'Dec 6']],
    ['ja', 31 * 24 * hour, ['Nov 2026', 'Dec 2026']],
  ])('in %s has times, days or months, by how far apart they are: %d s', (locale, step, labels) =>
    expect(axisDates([at, at + step], step, dateFormats(locale, 'Europe/Berlin'))).toEqual(labels),
  );
});

describe('the source of the page', () => {
  const root = join(import.meta.dirname, '../../renderer');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );

  it.each(files)('%s leaves no digits, dates or words to the locale', (file) => {
    const source = readFileSync(join(root, file), 'utf8');
    expect(source).not.toMatch(/toLocale(Date|Time)?String\((?!'en'[,)])/);
    if (file !== join('lib', 'dates.ts'))
      expect(source).not.toMatch(/Intl\.(DateTime|Number|RelativeTime)Format/);
  });
});
