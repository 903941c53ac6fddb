import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../electron/cli/completion/scripts.ts';
import { runNotafter, Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const folder = temporaryFolder();
const has = (program: string) => spawnSync(program, ['-c', 'true']).status === 0;
let service: Service;

beforeAll(async () => {
  service = await Service.start(folder.file('data'));
  for (const [host, tags] of [
    ['localhost:1', ['shop', 'web']],
    ['localhost:2', ['web']],
  ] as const)
    await service.call('POST', '/jobs', {
      target: { host: 'localhost', port: Number(host.split(':')[1]) },
      tags,
    });
  // As it is installed: one word, on the PATH.
  const program = join(import.meta.dirname, '../../dist/app/notafter.js');
  mkdirSync(folder.file('bin'));
  writeFileSync(folder.file('bin/notafter'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  mkdirSync(folder.file('here'));
  for (const name of ['our root.pem', 'ours.pem']) writeFileSync(folder.file(`here/${name}`), '');
  for (const [name, script] of Object.entries(completionScripts)) writeFileSync(folder.file(name), script);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A new user's shell: no settings of its own, and nothing else installed. */
async function shell(name: string, ...args: string[]): Promise<string[]> {
  const env = {
    PATH: `${folder.file('bin')}:/usr/bin:/bin`,
    HOME: folder.path,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
  };
  const { stdout, stderr } = await run(name, args, { cwd: folder.file('here'), env });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

/** What `complete` prints for words and the one under the cursor. */
const candidates = async (...words: string[]) => {
  const current = words.pop() ?? '';
  const { stdout } = await runNotafter('complete', '--', ...words, `+${current}`);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0]);
};

describe('notafter complete', () => {
  it.each([
    [['jo'], ['jobs']],
    [
      ['jobs', 'ex'],
      ['explain', 'export'],
    ],
    [['check', '--form'], ['--format']],
    [
      ['check', '--format', 'js'],
      ['json', 'jsonl'],
    ],
    [
      ['check', '--format=js'],
      ['--format=json', '--format=jsonl'],
    ],
    [['check', '--ca', ''], [':files']],
    [['check', 'a.example', '--ca', 'x.pem', ''], [':files']],
    [['check', '--', '--form'], [':files']],
    [['jobs', 'import', ''], [':files']],
    [['jobs', 'import', 'hosts.txt', ''], []],
    [['serve', '--port', ''], []],
    [['replay', '--json', ''], [':files']],
  ])('offers for %j %j', async (words, offered) => {
    expect(await candidates(...words)).toEqual(offered);
  });

  it('knows the hosts and tags of the service, and stays silent where none runs', async () => {
    const data = ['--data', service.ready.dataDir];
    expect((await candidates('jobs', 'edit', ...data, 'local')).sort()).toEqual([
      'localhost:1',
      'localhost:2',
    ]);
    expect(await candidates('jobs', 'list', ...data, '--tag', '')).toEqual(['shop', 'web']);
    expect(await candidates('jobs', 'list', ...data, '--tag=s')).toEqual(['--tag=shop']);
    expect(await runNotafter('complete', '--', 'jobs', 'edit', '--data', folder.path, '+')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('prints the script of a shell, and says which there are', async () => {
    for (const [name, script] of Object.entries(completionScripts))
      expect((await runNotafter('complete', name)).stdout).toBe(script);
    expect(await runNotafter('complete', 'tcsh')).toMatchObject({
      status: 64,
      stderr: 'notafter: Name one shell: bash, zsh, fish, powershell.\n',
    });
  });
});

const data = () => `--data ${service.ready.dataDir}`;

describe.runIf(has('bash'))('bash, without the package bash-completion', () => {
  /** What a Tab at the end of a line offers, each word as it replaces the one under the cursor. */
  const tab = (line: string) =>
    shell(
      'bash',
      '--norc',
      '-c',
      `source '${folder.file('bash')}'; source '${folder.file('bash')}'
COMP_LINE=$1; COMP_POINT=\${#COMP_LINE}; shift
# As readline splits it: at blanks, and each run of = and : a word of its own.
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_notafter; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      line,
      ...(line.match(/[=:]+|[^\s=:]+/g) ?? []),
      ...(/[\s]$/.test(line) ? [''] : []),
    );

  it('completes commands, options and choices', async () => {
    expect(await tab('notafter jobs ex')).toEqual(['explain', 'export']);
    expect(await tab('notafter check --form')).toEqual(['--format']);
    expect(await tab('notafter check --format=js')).toEqual(['json', 'jsonl']);
  });

  it('completes files, with blanks in their names', async () => {
    expect((await tab('notafter check --ca ')).sort()).toEqual(['our root.pem', 'ours.pem']);
    expect(await tab('notafter check --ca=ours')).toEqual(['ours.pem']);
  });

  it('completes hosts beyond a colon, and tags', async () => {
    expect((await tab(`notafter jobs edit ${data()} localhost:`)).sort()).toEqual(['1', '2']);
    expect(await tab(`notafter jobs list ${data()} --tag `)).toEqual(['shop', 'web']);
  });
});

describe.runIf(has('zsh'))('zsh, with its own compinit alone', () => {
  /** The candidates that the function gives to zsh, with their meaning, and whether it asks for files. */
  const tab = (...words: string[]) =>
    shell(
      'zsh',
      '-f',
      '-c',
      `autoload -Uz compinit && compinit -D -u
source '${folder.file('zsh')}'
[[ $_comps[notafter] == _notafter ]] || print not registered
_describe() { print -rl -- "\${(@P)2}" }
_files() { print files }
compset() { }
words=(notafter "$@"); CURRENT=$#words; PREFIX=$words[CURRENT]
_notafter`,
      'zsh',
      ...words,
    );

  it('completes commands with their meaning, choices and files', async () => {
    expect(await tab('jobs', 'exp')).toEqual([
      'explain:explain why you were, or were not, notified about a host',
      expect.stringMatching(/^export:export jobs/),
    ]);
    expect(await tab('check', '--format', 'js')).toEqual(['json', 'jsonl']);
    expect(await tab('check', '--ca', '')).toEqual(['files']);
  });

  it('completes hosts with their colon, and tags', async () => {
    const { dataDir } = service.ready;
    expect((await tab('jobs', 'edit', '--data', dataDir, 'local')).sort()).toEqual([
      'localhost\\:1',
      'localhost\\:2',
    ]);
    expect(await tab('jobs', 'list', '--data', dataDir, '--tag', '')).toEqual(['shop', 'web']);
  });
});

describe.runIf(has('fish'))('fish', () => {
  const tab = (line: string) =>
    shell(
      'fish',
      '--no-config',
      '-c',
      `source '${folder.file('fish')}'; complete -C ${JSON.stringify(line)}`,
    );

  it('completes commands, files, hosts and tags', async () => {
    expect((await tab('notafter jobs ex')).map((one) => one.split('\t')[0])).toEqual(['explain', 'export']);
    expect((await tab('notafter check --ca ')).sort()).toEqual(['our root.pem', 'ours.pem']);
    expect(await tab('notafter check --format=jsonl')).toEqual(['--format=jsonl']);
    expect((await tab(`notafter jobs edit ${data()} local`)).sort()).toEqual(['localhost:1', 'localhost:2']);
    expect(await tab(`notafter jobs list ${data()} --tag s`)).toEqual(['shop']);
  });
});
