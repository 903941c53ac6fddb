import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import { ownFile } from './executable.ts';

/** With it the app starts without its window, in the tray. */
export const hiddenArg = '--hidden';

/** Whether NotAfter starts when the person logs in, and setting it. The operating system holds the answer, so it is asked each time. */
export interface LoginItem {
  isOn(): boolean;
  set(isOn: boolean): void;
}

/** macOS and Windows keep it for Electron; Linux desktops read a file (the Desktop Application Autostart Specification). */
export function loginItem(platform: NodeJS.Platform = process.platform): LoginItem {
  if (platform === 'linux') return autostartFile(autostartPath(process.env), launchCommand());
  const args = windowsArgs(app.isPackaged, app.getAppPath());
  return {
    isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, args }),
  };
}

export function autostartPath({ XDG_CONFIG_HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart', 'notafter.desktop');
}

/**
 * The arguments of the login item on Windows, where they are joined as they are; macOS ignores them. A copy that is not packed must name
 * its folder, or Electron's welcome window opens.
 */
export function windowsArgs(isPackaged: boolean, appPath: string): string[] {
  return isPackaged ? [hiddenArg] : [`"${appPath}"`, hiddenArg];
}

/** Whether the app was started at login, to stay in the tray: by its argument, or as macOS says. Valid once the app is ready. */
export function wasStartedAtLogin(argv: readonly string[] = process.argv): boolean {
  if (argv.includes(hiddenArg)) return true;
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

function launchCommand(): string[] {
  // Where this start needed it, the next one does too: as root, or without the sandbox's helper.
  const sandbox = app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : [];
  return [ownFile(), ...sandbox, ...(app.isPackaged ? [] : [app.getAppPath()]), hiddenArg];
}

/** @param command what is started, word by word */
export function autostartFile(path: string, command: readonly string[]): LoginItem {
  return {
    isOn() {
      try {
        return !/^Hidden=true$/m.test(readFileSync(path, 'utf8'));
      } catch {
        return false; // There is none, or none that the desktop could read either.
      }
    },
    set(isOn) {
      if (!isOn) {
        rmSync(path, { force: true });
        return;
      }
      mkdirSync(dirname(path), { recursive: true });
      const lines = [
        '[Desktop Entry]',
        'Type=Application',
        'Name=NotAfter',
        'Comment=Watches TLS certificates and warns before they expire',
        `Exec=${command.map(quote).join(' ')}`,
        'Icon=notafter',
        'Terminal=false',
        'X-GNOME-Autostart-enabled=true',
      ];
      writeFileSync(path, `${lines.join('\n')}\n`);
    },
  };
}

/** A word of an Exec line (Desktop Entry Specification, “The Exec key”): quoted, its special characters escaped twice. */
function quote(word: string): string {
  const escaped = word
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return `"${escaped}"`;
}
