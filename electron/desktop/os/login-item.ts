import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import { isFlatpak, ownFile } from './executable.ts';
import { hiddenArg } from './start-args.ts';

/** Whether NotAfter starts when the person logs in, and setting it. The operating system holds the answer, so it is asked each time. */
export interface LoginItem {
  isOn(): boolean;
  set(isOn: boolean): void;
  /** Rewrites it where the program has moved: an AppImage is another file after an update. */
  refresh(): void;
}

/**
 * macOS and Windows keep it for Electron; Linux desktops read a file (the Desktop Application Autostart Specification), which a Flatpak
 * cannot write: it has none (null).
 */
export function loginItem(platform: NodeJS.Platform = process.platform): LoginItem | null {
  if (isFlatpak()) return null;
  if (platform === 'linux') return autostartFile(autostartPath(process.env), launchCommand());
  const args = windowsArgs(app.isPackaged, app.getAppPath());
  // The portable program unpacks itself into a folder that is gone at the next login, and names its own file in its environment.
  const portable = process.env['PORTABLE_EXECUTABLE_FILE'];
  const which = portable === undefined ? { args } : { args, path: portable };
  return {
    isOn: () => app.getLoginItemSettings(which).openAtLogin,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, ...which }),
    refresh: () => undefined,
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
  const [program = ''] = command;
  const entry = `${[
    '[Desktop Entry]',
    'Type=Application',
    'Name=NotAfter',
    'Comment=Watches TLS certificates and warns before they expire',
    // Where the program was removed, desktops pass over the entry.
    `TryExec=${program.replaceAll('\\', '\\\\')}`,
    `Exec=${command.map(quote).join(' ')}`,
    'Icon=notafter',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ].join('\n')}\n`;
  const read = () => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null; // There is none, or none that the desktop could read either.
    }
  };
  const isOn = (text: string | null) => text !== null && !/^Hidden=true$/m.test(text);
  const write = () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, entry);
  };
  return {
    isOn: () => isOn(read()),
    set(wanted) {
      if (wanted) write();
      else rmSync(path, { force: true });
    },
    refresh() {
      const text = read();
      const execOf = (one: string | null) => /^Exec=.*$/m.exec(one ?? '')?.[0];
      if (isOn(text) && execOf(text) !== execOf(entry)) write();
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
