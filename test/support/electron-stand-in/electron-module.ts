import { app } from './app.ts';
import { ipcMain } from './ipc.ts';
import { protocol } from './protocol.ts';
import {
  dialog,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  recorded,
  safeStorage,
  screen,
  session,
  Tray,
} from './shell-parts.ts';
import { BrowserWindow } from './window.ts';

/** The `electron` module, as far as NotAfter uses it. */
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
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
};
export default {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
};
