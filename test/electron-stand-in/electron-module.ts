import { app } from './app.ts';
import { ipcMain } from './ipc.ts';
import { protocol } from './protocol.ts';
import {
  autoUpdater,
  dialog,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  powerMonitor,
  recorded,
  safeStorage,
  screen,
  session,
  Tray,
} from './shell-parts.ts';
import { BaseWindow, BrowserWindow } from './window.ts';

/** The `electron` module, as far as NotAfter uses it. */
export {
  app,
  autoUpdater,
  BaseWindow,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  Tray,
};
export const shell = {
  async openExternal(url: string): Promise<void> {
    recorded.opened.push(url);
  },
  showItemInFolder(path: string): void {
    recorded.opened.push(path);
  },
};
export default {
  app,
  autoUpdater,
  BaseWindow,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
};
