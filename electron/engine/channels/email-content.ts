import { alertKinds } from '../../../shared/domain/alerts/kinds.ts';
import { compareSeverity } from '../../../shared/domain/severity.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import { forMarkup, printable } from '../../../shared/text/foreign-text.ts';
import type { HookMessage } from './message.ts';

/** Gmail cuts a message after 102 kB; a row has at most about 400 bytes. */
const maxRows = 200;

export function emailSubject({ title, alerts }: HookMessage): string {
  const [only] = alerts;
  const subject =
    only && alerts.length === 1
      ? `${only.job?.name ?? 'A deleted host'}: ${alertKinds[only.alert.kind].topic}`
      : title;
  return printable(subject, 200);
}

export function emailText(message: HookMessage): string {
  const { title, body, alerts, report } = message;
  if (report) return report.text;
  if (alerts.length < 2) return `${plain(title)}\n\n${plain(body)}\n${addressLine(message)}`;
  const rows = worstFirst(message);
  const lines = rows
    .slice(0, maxRows)
    .map(({ alert, job }) => `- ${plain(alert.title)}${job ? ` (${plain(job.address)})` : ''}`);
  const more = rows.length - lines.length;
  return `${plain(title)}\n\n${lines.join('\n')}\n${more > 0 ? `… and ${more} more\n` : ''}`;
}

function addressLine({ alerts }: HookMessage): string {
  const job = alerts[0]?.job;
  if (!job) return '';
  return `\n${plain(job.name)}: ${plain(job.address)}${job.tags.length > 0 ? `\nTags: ${job.tags.map(plain).join(', ')}` : ''}\n`;
}

/** Each has a contrast of at least 4.1 to 1 on white and on Chromium's dark background: a mail cannot know which it gets. */
const colors: Record<AlertSeverity, string> = { info: '#37873b', warning: '#b26a00', critical: '#d93c3c' };
const severityWords: Record<AlertSeverity, string> = { info: 'OK', warning: 'Warning', critical: 'Critical' };

/** One column, inline styles and no images: what mail programs show alike, in light and dark. */
export function emailHtml(message: HookMessage): string {
  if (message.report) return message.report.html;
  const rows = worstFirst(message).slice(0, maxRows);
  const more = message.alerts.length - rows.length;
  const cell = 'padding:8px 12px 8px 0;border-top:1px solid #8884;vertical-align:top';
  const list = rows
    .map(
      ({ alert, job }) =>
        `<tr><td style="${cell};white-space:nowrap;color:${colors[alert.severity]};font-weight:600">${severityWords[alert.severity]}</td><td style="${cell};overflow-wrap:anywhere">${forMarkup(alert.title)}${job ? `<br><span style="opacity:.7">${forMarkup(job.address)}</span>` : ''}</td></tr>`,
    )
    .join('');
  const [only] = message.alerts;
  const details =
    message.alerts.length < 2
      ? `<p style="margin:0 0 12px">${forMarkup(message.body)}</p>${only?.job ? `<p style="margin:0;opacity:.7;overflow-wrap:anywhere">${forMarkup(only.job.address)}</p>` : ''}`
      : `<table role="presentation" style="border-collapse:collapse;width:100%;font-size:14px">${list}</table>${more > 0 ? `<p>… and ${more} more</p>` : ''}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${forMarkup(message.title)}</title></head><body style="margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Arial,sans-serif"><div style="max-width:600px;margin:0 auto"><p style="margin:0 0 4px;font-weight:600;color:${colors[message.severity]}">${severityWords[message.severity]}</p><h1 style="margin:0 0 12px;font-size:20px;line-height:1.3;overflow-wrap:anywhere">${forMarkup(message.title)}</h1>${details}<p style="margin:24px 0 0;font-size:12px;opacity:.7">Sent by NotAfter, which watches these certificates.</p></div></body></html>`;
}

function worstFirst({ alerts }: HookMessage): HookMessage['alerts'] {
  return alerts.toSorted((one, other) => compareSeverity(one.alert.severity, other.alert.severity));
}

function plain(text: string): string {
  return printable(text, 2000);
}
