import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../engine/error-code.ts';

/** How each system opens a document. On Windows by its full path: a bare name is looked for in the working directory first. */
function opener(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): [string, ...string[]] {
  if (platform === 'darwin') return ['/usr/bin/open'];
  if (platform === 'win32')
    return [
      join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32', 'rundll32.exe'),
      'url.dll,FileProtocolHandler',
    ];
  return ['xdg-open'];
}

/**
 * Opens the page in the browser. Every user of a machine can read the arguments of its processes, so the token does not go there: the
 * browser is given a file that only its owner can read and that leads to the address.
 * @param url the page's address, with the token in its fragment
 * @param folder where the file may be: on Linux it goes to the home folder instead, since browsers in a snap cannot read hidden folders
 * @param onFailure called with the reason where no browser could be started
 * @returns removes the file
 */
export function openPage(url: string, folder: string, onFailure: (reason: string) => void): Disposable {
  const where = process.platform === 'linux' ? homedir() : folder;
  const file = join(where, `notafter-open-${randomBytes(6).toString('hex')}.html`);
  const remove = () => rmSync(file, { force: true });
  try {
    writeFileSync(file, redirectTo(url), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    onFailure(errorCode(error) ?? String(error));
    return { [Symbol.dispose]: remove };
  }
  const [command, ...args] = opener(process.platform, process.env);
  const child = spawn(command, [...args, file], { stdio: 'ignore', detached: true });
  child.once('error', (error: NodeJS.ErrnoException) => {
    remove();
    onFailure(error.code ?? error.message);
  });
  child.unref();
  return { [Symbol.dispose]: remove };
}

function redirectTo(url: string): string {
  const escaped = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${escaped}">
<title>NotAfter</title>
<a href="${escaped}">Open NotAfter</a>
`;
}
