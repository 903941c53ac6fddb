import type { ReportSchedule } from '../../../shared/schema/report-schedule.ts';
import { NoPdfError } from '../reports/pdf.ts';
import { SettingsFieldError } from './channel-secrets.ts';
import { nameBefore } from './renamed-entry.ts';

/** Requires that a report goes somewhere. @param place what its fields are under, such as `reports.0.` @throws SettingsFieldError */
export function requireDestination({ channels, folder }: ReportSchedule, place = ''): void {
  if (channels.length === 0 && folder === null)
    throw new SettingsFieldError(`${place}channels`, 'Choose a channel or a folder for the report.');
}

/**
 * Refuses the request for a PDF where nothing prints one. A report that was a PDF before may stay one, such as one of a desktop's export:
 * whatever else is edited, or the report is turned off, is no request for it.
 * @param before the report as it was; undefined: it is a new one
 * @throws SettingsFieldError
 */
export function requirePrinter(
  { format }: ReportSchedule,
  before: ReportSchedule | undefined,
  canPrint: boolean,
  place = '',
): void {
  if (format === 'pdf' && before?.format !== 'pdf' && !canPrint)
    throw new SettingsFieldError(`${place}format`, new NoPdfError().message);
}

/** Requires the same of a whole list of reports, as settings are edited. */
export function requirePrinters(
  given: readonly ReportSchedule[],
  before: readonly ReportSchedule[],
  canPrint: boolean,
): void {
  for (const [index, report] of given.entries()) {
    const known = nameBefore(report.name, before, given);
    const kept = before.find(({ name }) => name === known);
    requirePrinter(report, kept, canPrint, `reports.${index}.`);
  }
}
