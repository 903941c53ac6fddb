import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionScripts } from '../../electron/cli/completion/scripts.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { manPage } from './man-page.ts';

/** The file of each shell's script in share/, where the shell looks for it. */
const completionFiles: Readonly<Record<keyof typeof completionScripts, string>> = {
  bash: 'bash-completion/completions/notafter',
  zsh: 'zsh/site-functions/_notafter',
  fish: 'fish/vendor_completions.d/notafter.fish',
  powershell: 'powershell/notafter.ps1',
};

/**
 * Writes the files for /usr/share: the manual page, and completion for each shell.
 * @returns the date of the manual page, as 2026-11-26: of SOURCE_DATE_EPOCH (seconds), or today
 */
export async function writeShare(share: string, { SOURCE_DATE_EPOCH }: NodeJS.ProcessEnv): Promise<string> {
  const date = new Date(SOURCE_DATE_EPOCH === undefined ? Date.now() : Number(SOURCE_DATE_EPOCH) * 1000);
  const files = Object.entries(completionScripts).map(([shell, script]) => ({
    // SAFETY: the keys of the scripts are the shells.
    path: completionFiles[shell as keyof typeof completionScripts],
    text: script,
  }));
  const day = date.toISOString().slice(0, 10);
  const page = await manPage(packageJson.version, day);
  for (const { path, text } of [...files, { path: 'man/man1/notafter.1', text: page }]) {
    mkdirSync(join(share, path, '..'), { recursive: true });
    writeFileSync(join(share, path), text);
  }
  return day;
}
