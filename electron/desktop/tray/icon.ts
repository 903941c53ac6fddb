import type { TrayIcon } from './menu.ts';
import type { DesktopEnvironment } from './support.ts';

/**
 * The file of a tray icon: a template on macOS, which colours it by itself, sizes in one file on Windows, and the panel's
 * shade elsewhere. GNOME's panel is dark whatever the theme of windows.
 */
export function trayPicture(
  icon: TrayIcon,
  { platform, desktop }: DesktopEnvironment,
  isDark: boolean,
): string {
  if (platform === 'darwin') return `tray-${icon}-Template.png`;
  const shade = isDark || desktop.includes('GNOME') ? 'dark' : 'light';
  return `tray-${icon}-${shade}.${platform === 'win32' ? 'ico' : 'png'}`;
}
