import type { Command } from 'commander';
import { makeProgram } from '../../electron/cli/program.ts';

/**
 * Writes notafter(1) from the table of commands, in the macros of man(7).
 * @param date of the release, as 2026-11-26
 */
export async function manPage(version: string, date: string): Promise<string> {
  const build = { pageFolder: '', docsFolder: '', exampleFile: '', version };
  const program = await makeProgram({
    build,
    output: process.stdout,
    onStatus: () => undefined,
    makeProgram: () => Promise.reject(new Error('Nothing is completed here.')),
  });
  const commands = subcommands(program);
  return [
    `.TH NOTAFTER 1 ${date} "NotAfter ${version}" "User Commands"`,
    '.SH NAME',
    'notafter \\- watch TLS certificates and warn before they expire',
    '.SH SYNOPSIS',
    ...commands.flatMap((command, index) => [
      ...(index > 0 ? ['.br'] : []),
      `.B notafter ${toRoff(command.name())}`,
      toRoff(command.usage()),
    ]),
    '.SH DESCRIPTION',
    'NotAfter checks the certificates of hosts and files, once or on a schedule, and says everything that is wrong with them.',
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(command, 'notafter')),
    '.SH FILES',
    '.TP',
    '.I ~/.config/NotAfter',
    'the data folder on Linux: jobs, settings, results, the log and the token of the API',
    '.SH EXIT STATUS',
    'Of \\fBcheck\\fR the worst of 0 ok, 1 warning, 2 critical, 3 unreachable. Of every command:',
    ...statuses.flatMap(([status, words]) => ['.TP', `.B ${status}`, words]),
    '',
  ].join('\n');
}

const statuses: readonly (readonly [number, string])[] = [
  [64, 'wrong use'],
  [66, 'there is no such job'],
  [69, 'no NotAfter runs, or it does not answer'],
  [70, 'a fault of NotAfter itself'],
  [73, 'the data folder cannot be used'],
  [74, 'the output cannot be written'],
  [130, 'ended by Ctrl+C'],
  [141, 'the reader of the output went away'],
];

function subcommands(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
}

function section(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const help = command.createHelp();
  const listed = [
    ...help
      .visibleArguments(command)
      .map((one) => [`\\fI${toRoff(help.argumentTerm(one))}\\fR`, help.argumentDescription(one)]),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .map((one) => [`\\fB${toRoff(one.flags)}\\fR`, help.optionDescription(one)]),
  ];
  return [
    `.SS "${toRoff(name)} ${toRoff(command.usage()).replaceAll('"', '\\(dq')}"`,
    `${capital(toRoff(command.description()))}.`,
    ...listed.flatMap(([term, words = '']) => ['.TP', term ?? '', toRoff(words)]),
    ...more(command),
    ...subcommands(command).flatMap((one) => section(one, name)),
  ];
}

/** What the help says after its lists: paragraphs, and examples, which are indented by two spaces. */
function more(command: Command): string[] {
  let all = '';
  command.configureOutput({ writeOut: (text) => (all += text) }).outputHelp();
  const lines = all.slice(command.helpInformation().length).trim().split('\n');
  const out: string[] = [];
  let isExample = false;
  for (const line of lines) {
    if (line.startsWith('  ') !== isExample) {
      isExample = !isExample;
      out.push(...(isExample ? ['.PP', '.nf', '.RS'] : ['.RE', '.fi']));
    }
    if (line.trim() === '') continue;
    if (!isExample && (out.length === 0 || out.at(-1) === '.fi')) out.push('.PP');
    out.push(toRoff(line.trim()));
  }
  return isExample ? [...out, '.RE', '.fi'] : out;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A line of text in roff: backslashes, hyphens that are typed as such, a leading dot, and characters beyond ASCII by their code. */
function toRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replace(
      /[^\x20-\x7e]/gu,
      (one) => `\\[u${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
