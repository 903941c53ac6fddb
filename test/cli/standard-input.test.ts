import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNotafter, Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const notafter = join(import.meta.dirname, '../../dist/app/notafter.js');
const folder = temporaryFolder();
let service: Service;

beforeAll(async () => {
  service = await Service.start(folder.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/**
 * Loaded before the program. The getter makes the pipe non-blocking, as a program that starts this one may have done; each read of it that
 * finds nothing yet is told on standard error.
 */
const preload = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
process.stdin;
for (const name of ['readSync', 'readFileSync']) {
  const own = fs[name];
  fs[name] = (file, ...rest) => {
    try {
      return own(file, ...rest);
    } catch (error) {
      if (file === 0 && error.code === 'EAGAIN') fs.writeSync(2, 'nothing yet\\n');
      throw error;
    }
  };
}
syncBuiltinESMExports();`;

/** Runs the command line. Writes the first half of a text once the program has found standard input empty, the other once it has again. */
async function runWithLateInput(args: readonly string[], text: string) {
  const hook = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
  const child = spawn(process.execPath, [hook, notafter, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const half = Math.ceil(text.length / 2);
  const parts = [text.slice(0, half), text.slice(half)];
  let stdout = '';
  let stderr = '';
  child.stdin.on('error', () => undefined); // It ended without reading: its status tells.
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (!chunk.includes('nothing yet')) return;
    const part = parts.shift();
    if (part !== undefined) child.stdin.write(part);
    else child.stdin.end();
  });
  await once(child, 'close');
  return { status: child.exitCode, stdout, stderr: stderr.replaceAll('nothing yet\n', '') };
}

const filler = `# ${'x'.repeat(98)}\n`.repeat(10_000);
const history = [
  { at: '2026-11-01T10:00:00Z', host: 'www.example.com' },
  { at: '2026-11-24T10:00:00Z', host: 'www.example.com' },
].map((one) =>
  JSON.stringify({
    ...one,
    certificate: { validFrom: '2026-09-01T00:00:00Z', validTo: '2026-11-30T00:00:00Z' },
  }),
);
const onService = ['--data', folder.path];

describe('standard input whose writer is slow', () => {
  it.each<[string, string[], string, object]>([
    [
      'check --from -',
      ['check', '--from', '-'],
      `${filler}localhost:1\n`,
      { status: 3, stdout: expect.stringContaining('localhost:1') },
    ],
    [
      'jobs import -',
      ['jobs', 'import', '-', '--dry-run', ...onService],
      `${filler}localhost:1\n`,
      { status: 0, stdout: expect.stringContaining('Would add 1 job;') },
    ],
    [
      'replay -',
      ['replay', '-'],
      `${history.join('\n')}\n`,
      { status: 0, stdout: expect.stringContaining('www.example.com') },
    ],
    [
      'discover --from hosts:-',
      ['discover', '--from', 'hosts:-', '--dry-run'],
      `${filler}127.0.0.1:1\n`,
      { status: 0, stdout: expect.stringContaining('1 connection') },
    ],
    [
      'channels add --token-file -',
      [
        'channels',
        'add',
        'push',
        '--type',
        'gotify',
        '--url',
        'http://127.0.0.1:1',
        '--token-file',
        '-',
      ].concat(onService),
      'a-secret\n',
      { status: 0, stdout: expect.stringContaining('Added push.') },
    ],
  ])('is read to its end by %s', async (_what, args, text, expected) => {
    expect(await runWithLateInput(args, text)).toMatchObject({ stderr: '', ...expected });
  });

  it('is read to its end by import -', async () => {
    const file = folder.file('export.json');
    expect(await runNotafter('export', '--output', file, ...onService)).toMatchObject({ status: 0 });
    const text = readFileSync(file, 'utf8');
    expect(await runWithLateInput(['import', '-', ...onService], text)).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('Nothing was changed.'),
    });
  });

  it('is empty where it is closed at once, and says so by name', async () => {
    expect(await runWithLateInput(['replay', '-'], 'no JSON')).toMatchObject({
      status: 64,
      stderr: 'notafter: Standard input: Line 1 is no JSON.\n',
    });
  });

  // A library that is loaded with a command may catch signals, and is never called while standard input is read.
  it.runIf(process.platform !== 'win32').each([
    ['discover', ['discover', '--from', 'hosts:-']],
    ['check', ['check', '--from', '-']],
    ['replay', ['replay', '-']],
    ['import', ['import', '-', ...onService]],
    ['jobs import', ['jobs', 'import', '-', ...onService]],
  ])('ends %s by the first Ctrl+C', async (_what, args) => {
    const hook = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
    const child = spawn(process.execPath, [hook, notafter, ...args], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGINT');
  });
});
