import type { MenuItemConstructorOptions } from 'electron';

export interface AppMenuActions {
  showLog(): void;
  /** Shows the settings' part with newer versions and the command line. */
  showHelp(): void;
}

/**
 * The menu of the window, and of the whole app on macOS. Electron's own has developer tools, reloading and its makers' website in it.
 * Pure, so that it can be read without a window.
 */
export function appMenu(platform: NodeJS.Platform, actions: AppMenuActions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [{ role: 'close' }, { role: 'quit', label: 'Quit NotAfter' }],
  };
  const windowMenu: MenuItemConstructorOptions = { role: 'windowMenu' };
  return [
    isMac ? { role: 'appMenu' } : file,
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    ...(isMac ? [windowMenu] : []),
    {
      role: 'help',
      label: 'Help',
      submenu: [
        { label: 'Show the log', click: () => actions.showLog() },
        { label: 'Versions and the command line', click: () => actions.showHelp() },
      ],
    },
  ];
}
