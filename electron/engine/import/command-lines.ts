import stringArgv from 'string-argv';
import { readCheckSslCert } from './check-ssl-cert.ts';
import { type ImportItem, place } from './item.ts';
import { pluginNames, readPlugin } from './monitoring-plugins.ts';

/** What splits a command into words takes longer than its length. */
const maxCommand = 8_000;

/** Names of commands whose lines can be read. */
const names: readonly string[] = ['check_ssl_cert', ...pluginNames];

/**
 * Reads command lines of check_ssl_cert and of the Monitoring Plugins (check_http, check_tcp and its other names, check_smtp): alone, in a
 * crontab, or after Nagios’ `command_line`.
 */
export function readCommandLines(input: string): ImportItem[] {
  const items: ImportItem[] = [];
  const lines = input.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const parts = [lines[index] ?? ''];
    while (parts.at(-1)?.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      parts.push(lines[index]?.trim() ?? '');
    }
    const command = parts.map((part, at) => (at < parts.length - 1 ? part.slice(0, -1) : part)).join(' ');
    const item = readLine(line, command.trim());
    if (item) items.push(item);
  }
  return items;
}

/** @returns null for a line that calls nothing, by its form */
function readLine(line: number, command: string): ImportItem | null {
  if (command === '' || /^[#;]/.test(command)) return null;
  const at = place(line, command);
  if (command.length > maxCommand)
    return { ...at, message: `A command line has at most ${maxCommand} characters.` };
  const called = callIn(command);
  if (called) {
    const { name, args } = called;
    if (args.some((word) => /\$[A-Z_0-9]+\$/.test(word)))
      return {
        ...at,
        message: 'It has macros of Nagios ($…$), whose values are elsewhere. Write their values in.',
      };
    return name === 'check_ssl_cert' ? readCheckSslCert(at, args) : readPlugin(at, name, args);
  }
  const [, object] = /^check_command\s+([\w-]+)!/.exec(command) ?? [];
  if (object !== undefined && names.includes(object))
    return {
      ...at,
      message: `The command line of ${object} is defined elsewhere. Write it out here, with its arguments.`,
    };
  // Other lines of a Nagios definition around a command are no commands.
  if (/^(?:define\s|\}|[a-z_]+\s[^-]*$)/i.test(command)) return null;
  return {
    ...at,
    message: `This is no command line of ${names.slice(0, 3).join(', ')} or another known one.`,
  };
}

/** Returns the command and what follows its name; null where none is called. A pipe, a redirection or another command ends it. */
function callIn(command: string): { name: string; args: string[] } | null {
  const words = stringArgv(command);
  for (const [index, word] of words.entries()) {
    const [, name = ''] = /(?:^|[\\/$])(check_[a-z_]+)(?:\.sh|\.exe)?$/.exec(word) ?? [];
    if (!names.includes(name) || words[index - 1] === 'command_name') continue;
    const args = words.slice(index + 1);
    const end = args.findIndex((one) => /^(\||\|\||&&|;|&|\d?>{1,2}.*)$/.test(one));
    return { name, args: end === -1 ? args : args.slice(0, end) };
  }
  return null;
}
