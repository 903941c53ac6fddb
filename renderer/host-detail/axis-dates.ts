import { clockTime, type DateFormats, shortDate, shortMonth } from '../lib/dates.ts';

const dayS = 86_400;

type AxisFormats = Pick<DateFormats, 'clockTime' | 'shortDate' | 'shortMonth'>;

/**
 * Returns the labels of a time axis, by how far apart they are. uPlot's default writes American dates.
 * @param times seconds since the epoch @param step seconds between two labels
 */
export function axisDates(
  times: readonly number[],
  step: number,
  formats: AxisFormats = { clockTime, shortDate, shortMonth },
): string[] {
  const longer = step < 28 * dayS ? formats.shortDate : formats.shortMonth;
  const format = step < dayS ? formats.clockTime : longer;
  return times.map((at) => format(at * 1000));
}
