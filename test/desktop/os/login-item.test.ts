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

  it('is nothing in a Flatpak, whose files no desktop reads, and no command is put on the PATH there', () => {
    vi.stubEnv('FLATPAK_ID', 'app.notafter.NotAfter');
    expect(loginItem('linux')).toBeNull();
    expect(ownCommand()).toBeNull();
    vi.stubEnv('FLATPAK_ID', undefined);
    expect(ownCommand()).not.toBeNull();
  });
});
