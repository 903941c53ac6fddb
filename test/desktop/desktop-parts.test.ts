import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { autostartFile, autostartPath, windowsArgs } from '../../electron/desktop/os/login-item.ts';
import { trayPicture } from '../../electron/desktop/tray/icon.ts';
import type { TrayIcon } from '../../electron/desktop/tray/menu.ts';
import { hasTray } from '../../electron/desktop/tray/support.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.mock('electron', () => ({ app: {} }));

const icons: TrayIcon[] = ['fine', 'warning', 'critical', 'unreachable', 'pending', 'paused', 'offline'];
const pictures = join(import.meta.dirname, '../../build/icons/png');

describe('trayPicture', () => {
  it.each([
    ['darwin', '', false, 'tray-fine-Template.png'],
    ['darwin', '', true, 'tray-fine-Template.png'],
    ['win32', '', false, 'tray-fine-light.ico'],
    ['win32', '', true, 'tray-fine-dark.ico'],
    ['linux', 'KDE', false, 'tray-fine-light.png'],
    ['linux', 'KDE', true, 'tray-fine-dark.png'],
    ['linux', 'ubuntu:GNOME', false, 'tray-fine-dark.png'],
  ] as const)('on %s (%s), dark: %s, is %s', (platform, desktop, isDark, file) => {
    expect(trayPicture('fine', { platform, desktop }, isDark)).toBe(file);
  });
  it.each(icons)('has every file of “%s”, drawn and at twice the size', (icon) => {
    for (const platform of ['darwin', 'win32', 'linux'] as const) {
      for (const isDark of [false, true]) {
        const file = trayPicture(icon, { platform, desktop: '' }, isDark);
        const files = platform === 'win32' ? [file] : [file, file.replace('.png', '@2x.png')];
        for (const one of files) expect(statSync(join(pictures, one)).size).toBeGreaterThan(100);
      }
    }
  });
});

describe('hasTray', () => {
  const linux = { platform: 'linux', desktop: 'KDE' } as const;
  const gnome = { platform: 'linux', desktop: 'ubuntu:GNOME' } as const;
  const fails = async () => {
    throw new Error('no bus');
  };
  it('is so on macOS and Windows, without asking', async () => {
    expect(await hasTray({ platform: 'darwin', desktop: '' }, fails)).toBe(true);
    expect(await hasTray({ platform: 'win32', desktop: '' }, fails)).toBe(true);
  });
  it.each([
    ['(true,)\n', true],
    ['(false,)\n', false],
  ])('on Linux is what the session bus answers: %j', async (answer, expected) => {
    const run = vi.fn(async () => answer);
    expect(await hasTray(gnome, run)).toBe(expected);
    expect(run).toHaveBeenCalledWith('gdbus', expect.arrayContaining(['org.kde.StatusNotifierWatcher']));
  });
  it('where the bus cannot be asked, GNOME has none and others have one', async () => {
    expect(await hasTray(gnome, fails)).toBe(false);
    expect(await hasTray(linux, fails)).toBe(true);
  });
});

describe('launch at login on Windows', () => {
  it('names the folder of a copy that is not packed, in quotes: its words are joined as they are', () => {
    expect(windowsArgs(true, 'C:\\Program Files\\NotAfter')).toEqual(['--hidden']);
    expect(windowsArgs(false, 'C:\\My Code\\notafter')).toEqual(['"C:\\My Code\\notafter"', '--hidden']);
  });
});

describe('launch at login on Linux', () => {
  it('is off until asked for, writes an autostart entry, and takes it away', () => {
    using folder = temporaryFolder();
    const path = autostartPath({ XDG_CONFIG_HOME: folder.path });
    const item = autostartFile(path, ['/opt/Not After/notafter', '--hidden']);
    expect(item.isOn()).toBe(false);
    item.set(true);
    expect(item.isOn()).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(
      /^\[Desktop Entry\]\nType=Application\n[\s\S]*Exec="\/opt\/Not After\/notafter" "--hidden"\n/,
    );
    // Desktops pass over it once the program is gone (Desktop Entry Specification, TryExec).
    expect(readFileSync(path, 'utf8')).toContain('\nTryExec=/opt/Not After/notafter\n');
    item.set(false);
    expect(item.isOn()).toBe(false);
    expect(existsSync(path)).toBe(false);
  });
  it('keeps special characters of a path as they are', () => {
    using folder = temporaryFolder();
    const path = folder.file('notafter.desktop');
    autostartFile(path, ['/a "b" $c 100%']).set(true);
    expect(readFileSync(path, 'utf8')).toContain(String.raw`Exec="/a \\"b\\" \\$c 100%%"`);
  });
  it('is off where the desktop was told to hide the entry', () => {
    using folder = temporaryFolder();
    const path = folder.file('notafter.desktop');
    const item = autostartFile(path, ['notafter']);
    item.set(true);
    expect(item.isOn()).toBe(true);
    appendFileSync(path, 'Hidden=true\n');
    expect(item.isOn()).toBe(false);
  });
});
