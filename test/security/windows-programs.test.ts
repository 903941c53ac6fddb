import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Programs of Windows, each in its System32: by a bare name the working directory is looked in first. */
const programs =
  /(?<![\w\\])(?:powershell|rundll32|cmd|reg|schtasks|wscript|taskkill|explorer)(?:\.exe)?(?=['"`\s])/gi;

/** What is started: the words of a call that starts a program, and lines of the installer that execute one. */
function started(text: string, name: string): string[] {
  if (name.endsWith('.nsh'))
    return text.split('\n').filter((line) => /Exec/.test(line) && !line.startsWith(';'));
  return [
    ...text.matchAll(
      /(?:spawn|execFile|exec)\w*\(\s*['"`][^'"`]*['"`]|\bcommand: ['"`][^'"`]*['"`]|win32[^\n]*return \[[^\]]*\]/g,
    ),
  ].map(([call]) => call);
}

const sources = ['electron', 'build/package'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|nsh)$/.test(name))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
);

describe('programs of Windows (security finding 19)', () => {
  it('are started by their full path', () => {
    const bare = sources.flatMap(({ name, text }) =>
      started(text, name)
        .filter((call) => (call.match(programs) ?? []).length > 0)
        .filter((call) => !/System32|\$SYSDIR/.test(call))
        .map((call) => `${name}: ${call}`),
    );
    expect(bare).toEqual([]);
  });

  it('would be noticed by their bare name', () => {
    expect(started("spawn('rundll32.exe', args)", 'a.ts').join()).toMatch(programs);
    expect(started("  command: 'reg',", 'a.ts').join()).toMatch(programs);
    expect(started("  nsExec::Exec 'powershell.exe -File x'", 'a.nsh').join()).toMatch(programs);
  });

  it('are the ones that the installer and the browser are opened by', () => {
    const text = (end: string) => sources.find(({ name }) => name.endsWith(end))?.text ?? '';
    expect(text('installer.nsh')).toContain(String.raw`"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe"`);
    expect(text('open-page.ts')).toMatch(/environment\['SystemRoot'\][^\n]*'System32', 'rundll32\.exe'/);
  });
});
