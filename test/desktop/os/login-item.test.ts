import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownCommand } from '../../../electron/desktop/os/executable.ts';
import { loginItem } from '../../../electron/desktop/os/login-item.ts';

const app = vi.hoisted(() => ({
  isPackaged: true,
  getAppPath: () => 'C:\\app',
  getLoginItemSettings: vi.fn(() => ({ openAtLogin: true })),
  setLoginItemSettings: vi.fn(),
}));
vi.mock('electron', () => ({ app }));

beforeEach(() => vi.stubEnv('FLATPAK_ID', undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.clearAllMocks();
});

describe('what starts at login', () => {
  it('is the file that a portable program names, not the folder into which it unpacked itself', () => {
    vi.stubEnv('PORTABLE_EXECUTABLE_FILE', 'D:\\tools\\NotAfter-1.2.3-portable.exe');
    const which = { args: ['--hidden'], path: 'D:\\tools\\NotAfter-1.2.3-portable.exe' };
    const item = loginItem('win32');
    expect(item?.isOn()).toBe(true);
    expect(app.getLoginItemSettings).toHaveBeenCalledWith(which);
    item?.set(true);
    expect(app.setLoginItemSettings).toHaveBeenCalledWith({ openAtLogin: true, ...which });
  });

  it('is the installed program where it is not a portable one', () => {
    loginItem('win32')?.set(false);
    expect(app.setLoginItemSettings).toHaveBeenCalledWith({ openAtLogin: false, args: ['--hidden'] });
  });

  it('is put on the PATH of a Mac only by a copy that stays where it is', () => {
    const { platform, execPath, resourcesPath } = process;
    const at = (path: string) => {
      Object.defineProperty(process, 'platform', { value: 'darwin', configurable: true });
      Object.defineProperty(process, 'resourcesPath', { value: '/R', configurable: true });
      process.execPath = path;
      return ownCommand();
    };
    try {
      expect(at('/Volumes/NotAfter 1.2.3/NotAfter.app/Contents/MacOS/NotAfter')).toBeNull();
      expect(
        at('/private/var/folders/x/AppTranslocation/1/d/NotAfter.app/Contents/MacOS/NotAfter'),
      ).toBeNull();
      expect(at('/Applications/NotAfter.app/Contents/MacOS/NotAfter')).toBe('/R/bin/notafter');
    } finally {
      process.execPath = execPath;
      Object.defineProperty(process, 'platform', { value: platform, configurable: true });
      Object.defineProperty(process, 'resourcesPath', { value: resourcesPath, configurable: true });
    }
  });

  it('is nothing in a Flatpak, whose files no desktop reads, and no command is put on the PATH there', () => {
    vi.stubEnv('FLATPAK_ID', 'app.notafter.NotAfter');
    expect(loginItem('linux')).toBeNull();
    expect(ownCommand()).toBeNull();
    vi.stubEnv('FLATPAK_ID', undefined);
    expect(ownCommand()).not.toBeNull();
  });
});
