import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import stringArgv from 'string-argv';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../electron/cli/commands.ts';
import { makeProgram } from '../../electron/cli/program.ts';
import packageJson from '../../package.json' with { type: 'json' };

/**
 * Each command that a person is told to type: those in blocks and in the text of README and docs, in the npm package’s page, and in the
 * examples of `--help`.
 */
const root = join(import.meta.dirname, '../..');
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (page) =>
      page !== '' &&
      !/^(?:CHANGELOG\.md|test\/|docs\/decisions\/)/.test(page) &&
      existsSync(join(root, page)),
  );

interface Told {
  place: string;
  command: string;
}

/** The lines of shell blocks, and code within sentences that calls something. */
function toldBy(page: string): Told[] {
  const told: Told[] = [];
  let isShell = false;
  let isBlock = false;
  readFileSync(join(root, page), 'utf8')
    .split('\n')
    .forEach((line, index) => {
      const place = `${page}:${index + 1}`;
      const fence = /^\s*```(\w*)/.exec(line);
      if (fence) {
        isShell = !isBlock && fence[1] === 'sh';
        isBlock = !isBlock;
      } else if (isShell) told.push({ place, command: line });
      else if (!isBlock)
        for (const [, command = ''] of line.matchAll(/`([^`]+)`/g)) told.push({ place, command });
    });
  return told;
}

const all = pages.flatMap(toldBy);
/** The parts of a command that are run one after another or joined by a pipe, without comments. */
const parts = ({ place, command }: Told): Told[] =>
  command
    .replace(/(^|\s)#.*$/, '')
    .split(/\s(?:\|\||&&|\||;)\s|<\(|\)(?=\s*$)/)
    .map((part) => ({ place, command: part.trim().replace(/^echo .*/, '') }));
const split = all.flatMap(parts);

/** Words of a call of ours, without redirections; null where it is another’s. An ellipsis marks what a person writes. */
function argumentsOf(command: string): string[] | null {
  const call = /^(?:npx )?(?:notafter|npm run (?:-s )?notafter --)(?:\s+(.*))?$/.exec(command);
  if (!call) return null;
  const words = stringArgv((call[1] ?? '').replace(/\s\d?>{1,2}\s*\S+/g, ''));
  return words.includes('…') ? null : words;
}

/** Prepares a program whose commands are read and not run. */
function disarm(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  for (const one of command.commands) disarm(one);
}

async function freshProgram(): Promise<Command> {
  const program = await makeProgram({
    build: { pageFolder: '', docsFolder: '', exampleFile: '', version: '0' },
    output: process.stdout,
    onStatus: () => undefined,
    makeProgram: freshProgram,
  });
  disarm(program);
  return program;
}

/** Returns what the command line says of words; null: it would run. */
async function refusal(words: readonly string[]): Promise<string | null> {
  try {
    await (await freshProgram()).parseAsync(words, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    return error instanceof Error ? error.message : String(error);
  }
}

let program: Command;
beforeAll(async () => {
  program = await freshProgram();
});

describe('the commands of README and docs', () => {
  it('are found', () => {
    const calls = split.flatMap(({ command }) => argumentsOf(command)?.[0] ?? []);
    // Every command of the table is told somewhere.
    expect(Object.keys(commands).filter((name) => !calls.includes(name))).toEqual([]);
    expect(pages).toContain('README.md');
  });

  it('are commands with options and arguments that the program takes', async () => {
    const refused: string[] = [];
    for (const { place, command } of split) {
      const words = argumentsOf(command);
      // A name of a command alone, as `jobs add`, is checked below.
      if (!words || (words.length < 2 && !command.includes('--'))) continue;
      const isNamed = words.every((word) => /^[a-z-]+$/.test(word));
      if (isNamed && findCommand(words)) continue;
      const said = await refusal(words);
      if (said !== null) refused.push(`${place}: ${command}: ${said}`);
    }
    expect(refused).toEqual([]);
  });

  it('name commands, and options that some command has', () => {
    const known = new Set(optionsOf(program));
    const unknown = split.flatMap(({ place, command }) => {
      const [first = '', second = ''] = command.split(' ');
      const isCall = Object.hasOwn(commands, first) && second !== '' && /^[a-z-]+$/.test(second);
      if (
        isCall &&
        first !== 'report' &&
        (findCommand([first])?.commands.length ?? 0) > 0 &&
        !findCommand([first, second])
      )
        return [`${place}: ${command}`];
      // Code that begins with an option of ours, or with one of our commands.
      const isOurs = /^--[a-z]/.test(command) || Object.hasOwn(commands, first);
      if (!isOurs) return [];
      return [...command.matchAll(/(?<!\S)--[a-z][a-z-]*/g)]
        .map(([option]) => option)
        .filter((option) => !known.has(option) && !others.has(option))
        .map((option) => `${place}: ${option}`);
    });
    expect(unknown).toEqual([]);
  });

  it('are scripts of package.json, and files that are there', () => {
    const scripts = new Set(Object.keys(packageJson.scripts));
    const missing = all.flatMap(({ place, command }) => [
      ...[...command.matchAll(/\bnpm run (?:-s )?([\w:]+)/g)]
        .filter(([, name = '']) => !scripts.has(name))
        .map(([call]) => `${place}: ${call}`),
      ...[...command.matchAll(/\bnode ((?:build|test)\/\S+)/g)]
        .filter(([, path = '']) => !existsSync(join(root, path)))
        .map(([call]) => `${place}: ${call}`),
    ]);
    expect(missing).toEqual([]);
  });
});

/** Options of other programs and of Electron that the docs name by themselves. */
const others = new Set(['--no-sandbox', '--ignore-scripts', '--service', '--hidden']);

function findCommand(words: readonly string[]): Command | undefined {
  let found: Command | undefined = program;
  for (const word of words) found = found?.commands.find((one) => one.name() === word);
  return found;
}

function optionsOf(command: Command): string[] {
  return [
    ...command.options.flatMap(({ long }) => (long ? [long] : [])),
    '--help',
    ...command.commands.flatMap(optionsOf),
  ];
}

/** What the help of a command says, in full. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (piece) => (text += piece) }).outputHelp();
  return text;
}

describe('the help of each command', () => {
  it.each(Object.keys(commands))(
    '%s has examples, which the program takes, and its exit status',
    async (name) => {
      const command = findCommand([name]);
      const help = command ? helpOf(command) : '';
      expect(help).toMatch(/^Examples?:$/m);
      const examples = help
        .slice(help.search(/^Examples?:$/m))
        .split('\n')
        .flatMap((line) => parts({ place: name, command: line }))
        .flatMap(({ command: one }) => {
          const words = argumentsOf(one);
          return words ? [words] : [];
        });
      expect(examples.length).toBeGreaterThan(0);
      for (const words of examples)
        expect([words.join(' '), await refusal(words)]).toEqual([words.join(' '), null]);
    },
  );

  it('says nothing of defaults that are none, and repeats no word', () => {
    const helps = [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)].map(
      helpOf,
    );
    for (const help of helps) {
      expect(help).not.toMatch(/default: (?:\[\]|false)/);
      expect(help).not.toMatch(/\b(\w{3,}) \1\b/);
      // An acronym that lost its first capital: uRL, hTTP, jSON, aPI.
      expect(help).not.toMatch(/\b[a-z][A-Z]{2,}/);
    }
  });
});
