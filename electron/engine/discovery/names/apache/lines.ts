import type { NameText } from '../name-source.ts';
import { quotedWords } from '../quoted-words.ts';

/** A directive of Apache httpd, or the beginning (`<VirtualHost`) or end (`</VirtualHost`) of a section. */
export interface ApacheLine {
  /** In lower case. */
  name: string;
  args: string[];
  line: number;
}

/** Splits a configuration into its directives: `\` at the end of a line goes on, `#` begins a comment line (httpd, “Configuration Files”). */
export function apacheLines({ text }: NameText): ApacheLine[] {
  const found: ApacheLine[] = [];
  let begun = '';
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (begun === '') start = index + 1;
    if (line.endsWith('\\')) {
      begun += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = `${begun}${line}`.trim();
    begun = '';
    if (whole === '' || whole.startsWith('#')) continue;
    const section = whole.startsWith('<') && whole.endsWith('>') ? whole.slice(0, -1) : whole;
    const [name = '', ...args] = quotedWords(section);
    found.push({ name: name.toLowerCase(), args, line: start });
  }
  return found;
}
