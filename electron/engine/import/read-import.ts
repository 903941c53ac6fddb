import { parseDocument } from 'yaml';
import type { ImportFormat } from '../../../shared/contract/import-report.ts';
import { readCommandLines } from './command-lines.ts';
import { readCsv } from './csv.ts';
import { isCsv } from './csv-header.ts';
import { readGatus } from './gatus.ts';
import { readHostLines, withoutLoneWords } from './host-lines.ts';
import type { ImportItem } from './item.ts';
import { readJobList } from './notafter.ts';
import { readScrapeConfigs, readTargetGroups } from './prometheus-targets.ts';
import { readUptimeKuma } from './uptime-kuma.ts';
import { wrongFile } from './wrong-file.ts';

/** What there is to import, and what it was read as. */
export interface ReadImport {
  format: ImportFormat;
  items: ImportItem[];
}

const maxItems = 100_000;

/**
 * Reads a text to import.
 * @param body JSON that was read already, or text: JSON, YAML, CSV, command lines or one host a line
 * @param format its format; default: detected
 * @param contentType text/csv says that a text is CSV
 * @returns the items, or the sentence that says why it could not be read at all
 */
export function readImport(
  body: unknown,
  format?: ImportFormat,
  contentType?: string,
): ReadImport | { message: string } {
  const read = typeof body === 'string' ? readText(body, format, contentType) : readValue(body, format);
  if ('items' in read && read.items.length > maxItems)
    return { message: `At most ${maxItems.toLocaleString('en')} can be imported at once.` };
  return read;
}

function readText(
  text: string,
  format: ImportFormat | undefined,
  contentType: string | undefined,
): ReadImport | { message: string } {
  const known = format ?? (contentType?.startsWith('text/csv') ? 'csv' : tellFormat(text));
  switch (known) {
    case 'csv':
      return { format: known, items: readCsv(text) };
    case 'hosts': {
      const message = wrongFile(text);
      if (message !== null) return { message };
      const items = readHostLines(text);
      return { format: known, items: format === 'hosts' ? items : withoutLoneWords(items) };
    }
    case 'check-ssl-cert':
    case 'monitoring-plugins':
      return { format: known, items: readCommandLines(text) };
    case 'notafter':
    case 'uptime-kuma':
    case 'prometheus':
    case 'gatus':
      break;
    case 'json':
      return readValue(parseJson(text), undefined);
  }
  const value = parseJson(text);
  if (value !== undefined) return readValue(value, known);
  if (known !== 'prometheus' && known !== 'gatus') return { message: 'This is not JSON.' };
  const read = parseYaml(text);
  return 'message' in read ? read : readValue(read.value, known);
}

/** Reads one document of YAML 1.2. Aliases that grow without end are refused by the parser itself. */
function parseYaml(text: string): { value: unknown } | { message: string } {
  try {
    // To show the place of each error takes the parser a time that grows with the square of the text, so only the first is looked for.
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
    const [error] = document.errors;
    if (!error) return { value: document.toJS({ maxAliasCount: 100 }) };
    const line = text.slice(0, error.pos[0]).split('\n').length;
    return { message: `This is not YAML: ${error.message.split('\n')[0]} (line ${line})` };
  } catch (error) {
    return { message: `This is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}` };
  }
}

/** A call of a plugin with an option. */
const pluginCall =
  /(^|[\s/\\])check_(?:http|curl|tcp|imap|simap|pop|spop|smtp|ssmtp|ftp|nntp|nntps|jabber)(?:\.exe)?[ \t]+-/;

/** A text of one of our formats; `json` where the JSON in it will tell. */
function tellFormat(text: string): ImportFormat | 'json' {
  if (/^\s*[{[]/.test(text) && parseJson(text) !== undefined) return 'json';
  if (/(^|[\s/])check_ssl_cert(\.sh)?\s/.test(text)) return 'check-ssl-cert';
  if (pluginCall.test(text)) return 'monitoring-plugins';
  if (/^(?:[ \t]*-[ \t]*targets|scrape_configs)[ \t]*:/m.test(text)) return 'prometheus';
  if (/^endpoints[ \t]*:/m.test(text) && /^[ \t]+(?:-[ \t]+)?url[ \t]*:/m.test(text)) return 'gatus';
  return isCsv(text) ? 'csv' : 'hosts';
}

const notJson = { message: 'This is in none of the formats that NotAfter imports.' };

function readValue(value: unknown, format: ImportFormat | undefined): ReadImport | { message: string } {
  // SAFETY: an object that is not null has string keys; each value is checked below.
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const list = (name: string): unknown[] | null => (Array.isArray(fields[name]) ? fields[name] : null);
  const wanted = (one: ImportFormat) => format === undefined || format === one;
  const [jobs, monitors, configs] = [list('jobs'), list('monitorList'), list('scrape_configs')];
  const endpoints = list('endpoints');
  if (wanted('notafter') && jobs) return { format: 'notafter', items: readJobList(jobs) };
  if (wanted('uptime-kuma') && monitors) return { format: 'uptime-kuma', items: readUptimeKuma(monitors) };
  if (wanted('gatus') && endpoints) return { format: 'gatus', items: readGatus(endpoints) };
  if (wanted('prometheus') && configs) return { format: 'prometheus', items: readScrapeConfigs(configs) };
  if (wanted('prometheus') && Array.isArray(value) && (format || hasTargets(value)))
    return { format: 'prometheus', items: readTargetGroups(value) };
  return format === undefined ? notJson : { message: `This is not what ${format} looks like.` };
}

function hasTargets(groups: readonly unknown[]): boolean {
  return groups.some((group) => typeof group === 'object' && group !== null && 'targets' in group);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined; // It may be another format.
  }
}
