import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../electron/cli/exit-status.ts';
import { writeOutput } from '../../electron/cli/text-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe.skipIf(process.platform === 'win32')('what a command writes to a file', () => {
  it('can be read by its owner alone, also in a file that was there and behind a link', () => {
    using folder = temporaryFolder();
    const [fresh, open, link] = ['fresh', 'open', 'link'].map(folder.file) as [string, string, string];
    writeFileSync(open, 'a longer text of before');
    chmodSync(open, 0o644);
    writeOutput('secret', fresh, process.stdout);
    writeOutput('secret', open, process.stdout);
    expect([modeOf(fresh), modeOf(open), readFileSync(open, 'utf8')]).toEqual([0o600, 0o600, 'secret']);
    chmodSync(open, 0o644);
    symlinkSync(open, link);
    writeOutput('secret', link, process.stdout);
    expect(modeOf(open)).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)('keeps what was in a file that cannot be closed to others', () => {
    using folder = temporaryFolder();
    const [path, run] = ['others', 'run.ts'].map(folder.file) as [string, string];
    chmodSync(folder.path, 0o755);
    writeFileSync(path, 'of before');
    chmodSync(path, 0o666);
    const module = join(import.meta.dirname, '../../electron/cli/text-files.ts');
    writeFileSync(
      run,
      `process.setuid(65534);\n(await import(${JSON.stringify(module)})).writeOutput('secret', ${JSON.stringify(path)}, process.stdout);\n`,
    );
    const { status, stderr } = spawnSync(process.execPath, [run], { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cannot be written (EPERM)'),
    });
    expect(readFileSync(path, 'utf8')).toBe('of before');
  });

  it('replaces a file once the new one is whole: a full disk costs nothing', () => {
    using folder = temporaryFolder();
    const [path, run] = ['export.json', 'run.ts'].map(folder.file) as [string, string];
    writeFileSync(path, 'of before');
    const module = join(import.meta.dirname, '../../electron/cli/text-files.ts');
    writeFileSync(
      run,
      `(await import(${JSON.stringify(module)})).writeOutput('x'.repeat(100_000), ${JSON.stringify(path)}, process.stdout);\n`,
    );
    // A limit on the size of files refuses in the middle of the writing, as a full disk does.
    const shell = `trap '' XFSZ; ulimit -f 8; exec "$0" "$1"`;
    const { stderr } = spawnSync('sh', ['-c', shell, process.execPath, run], { encoding: 'utf8' });
    expect(stderr).toMatch(/OutputError: .*export\.json cannot be written \(EFBIG\)/);
    expect(readFileSync(path, 'utf8')).toBe('of before');
    expect(readdirSync(folder.path).sort()).toEqual(['export.json', 'run.ts']);
  });

  it('is written though a run with the same process id was killed, as it has in each container', () => {
    using folder = temporaryFolder();
    const path = folder.file('export.json');
    writeFileSync(`${path}.${process.pid}.tmp`, 'half');
    writeOutput('whole', path, process.stdout);
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('goes through a link to a file that is not there yet', () => {
    using folder = temporaryFolder();
    const [path, link] = ['later', 'link'].map(folder.file) as [string, string];
    symlinkSync(path, link);
    writeOutput('secret', link, process.stdout);
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['secret', 0o600]);
  });

  it('goes into pipes and devices, whose rights stay', async () => {
    using folder = temporaryFolder();
    const pipe = folder.file('pipe');
    execFileSync('mkfifo', ['-m', '644', pipe]);
    const reader = spawn('cat', [pipe]);
    const read = text(reader.stdout);
    writeOutput('through', pipe, process.stdout);
    expect(await read).toBe('through');
    expect(modeOf(pipe)).toBe(0o644);
    const before = modeOf('/dev/null');
    writeOutput('nothing', '/dev/null', process.stdout);
    expect(modeOf('/dev/null')).toBe(before);
  });

  it('is refused with a sentence where it cannot be written', () => {
    using folder = temporaryFolder();
    expect(() => writeOutput('', folder.path, process.stdout)).toThrow(UsageError);
    expect(() => writeOutput('', folder.file('none/file'), process.stdout)).toThrow(/does not exist/);
  });
});
