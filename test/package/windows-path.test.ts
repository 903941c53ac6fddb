import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../build/package/bin-win/path.ps1');
const key = `Software\\NotAfterTest${process.pid}`;
const run = (what: string) =>
  execFileSync('powershell.exe', [
    '-NoProfile',
    '-ExecutionPolicy',
    'Bypass',
    '-File',
    script,
    what,
    '-Key',
    key,
  ]);
const reg = (...args: string[]) => execFileSync('reg.exe', args, { encoding: 'utf8' });

describe('the PATH of a person on Windows', () => {
  it('gets our folder once, loses it again, and keeps the rest to the letter', () => {
    reg(
      'add',
      `HKCU\\${key}`,
      '/v',
      'Path',
      '/t',
      'REG_EXPAND_SZ',
      '/d',
      '%USERPROFILE%\\bin;C:\\Tools',
      '/f',
    );
    try {
      run('add');
      run('add');
      const folder = join(script, '..');
      expect(reg('query', `HKCU\\${key}`, '/v', 'Path')).toContain(`%USERPROFILE%\\bin;C:\\Tools;${folder}`);
      run('remove');
      expect(reg('query', `HKCU\\${key}`, '/v', 'Path').trimEnd()).toMatch(/%USERPROFILE%\\bin;C:\\Tools$/);
    } finally {
      reg('delete', `HKCU\\${key}`, '/f');
    }
  });
});
