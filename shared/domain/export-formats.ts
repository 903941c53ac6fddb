interface ExportFormatEntry {
  mime: string;
  fileName: string;
  /** The button in the settings. */
  label: string;
  /** What the API's document says of it, in a line and, where that is not enough, in a paragraph. */
  summary: string;
  description?: string;
  /** The documented path below `/api/v1`, where it is not `/jobs/export.{format}`, which works for every format. */
  path?: `/${string}`;
  /** An answer, for the API's document. */
  example: unknown;
}

/**
 * Every format that jobs are exported to. To add one, add its entry here and its writer in
 * `electron/engine/export/writers.ts`: API, document, command line and settings follow.
 */
export const exportFormats = {
  json: {
    mime: 'application/json',
    fileName: 'notafter.json',
    label: 'Export JSON',
    summary: 'Export jobs, to be imported again',
    path: '/jobs/export',
    example: { jobs: [] },
  },
  csv: {
    mime: 'text/csv',
    fileName: 'notafter.csv',
    label: 'Export CSV',
    summary: 'Export jobs and their status as CSV',
    description:
      'With a header (RFC 4180). What `POST /jobs/import` reads is read from it again; status, expires and issuer are for people.',
    example: 'host,port,name,tags\r\nwww.example.com,443,Shop,shop\r\n',
  },
  ics: {
    mime: 'text/calendar',
    fileName: 'notafter.ics',
    label: 'Export a calendar',
    summary: 'When certificates expire, as a calendar (RFC 5545)',
    description:
      'Calendar programs read it as a feed, without the token, at the address that `GET /access` gives.',
    path: '/jobs/calendar.ics',
    example: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR\r\n',
  },
  pem: {
    mime: 'application/x-pem-file',
    fileName: 'certificates.pem',
    label: 'Export certificates',
    summary: 'The certificates that were seen last, each once, as PEM',
    path: '/jobs/certificates.pem',
    example: '# Shop\n-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
  },
} as const satisfies Readonly<Record<string, ExportFormatEntry>>;

export type ExportFormat = keyof typeof exportFormats;

// SAFETY: Object.entries lists the table's own keys; the entries widen to what all of them have.
export const exportFormatEntries = Object.entries(exportFormats) as [ExportFormat, ExportFormatEntry][];
