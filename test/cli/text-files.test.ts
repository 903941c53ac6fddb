import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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
