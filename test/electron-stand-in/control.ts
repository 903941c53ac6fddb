import type { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { debuggingPort } from './browser.ts';
import { PreventableEvent } from './preventable-event.ts';
import {
  answers,
  type MenuItem,
  nativeTheme,
  openKeyring,
  powerMonitor,
  pressOld,
  recorded,
  screen,
} from './shell-parts.ts';
import { BaseWindow, BrowserWindow } from './window.ts';

let server: Server | undefined;
/** The app, which makes this service: it is handed in. */
let app: Pick<App, 'quit' | 'once' | 'emit'> | undefined;

interface App extends EventEmitter {
  quit(): void;
}

/** What a spec can see of the desktop. */
export interface DesktopState {
  debuggingPort: number;
  trays: {
    image: string;
    toolTip: string;
    menu: { label: string; enabled: boolean; checked: boolean }[];
    menusSet: number;
  }[];
  notifications: {
    id: string;
    title: string;
    body: string;
    isShown: boolean;
    isKept: boolean;
    silent: boolean;
    actions: string[];
  }[];
  questions: { message: string; buttons: string[]; isModal?: boolean }[];
  opened: string[];
  windows: {
    isVisible: boolean;
    isFullScreen: boolean;
    bounds: { x: number; y: number; width: number; height: number };
    backgroundColor: string | undefined;
    webPreferences: Record<string, unknown>;
  }[];
  activationPolicy: string;
  loginItem: { openAtLogin: boolean; args: string[] };
  errorBoxes: { title: string; content: string }[];
}

/** What a spec can do to it. */
export type DesktopAction =
  | { action: 'menu'; label: string }
  | { action: 'notification'; title: string }
  | { action: 'notification-action'; title: string; text: string }
  | { action: 'theme'; source: 'light' | 'dark' }
  | { action: 'answer'; button: string }
  | { action: 'close-window' }
  | { action: 'crash-page' }
  /** Windows ends the session. */
  | { action: 'session-ends' }
  /** A second start with these arguments, while the app quits. */
  | { action: 'starts-while-quitting'; argv: string[] }
  | { action: 'open-keyring' }
  | { action: 'tray-click' }
  | { action: 'tray-menu'; isOpen: boolean }
  | { action: 'notification-times-out'; title: string }
  | { action: 'old-notification'; id: string }
  | { action: 'full-screen' }
  | { action: 'system-shuts-down' }
  | { action: 'displays'; areas: { x: number; y: number; width: number; height: number }[] };

/** A service on loopback by which a spec reads and clicks; its port is written to the file that the spec names. */
export async function openControl(controlled: NonNullable<typeof app>): Promise<void> {
  app = controlled;
  const file = process.env['STAND_IN_CONTROL_FILE'];
  if (file === undefined) return;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      try {
        if (body !== '') act(JSON.parse(body) as DesktopAction);
        response.end(JSON.stringify(state()));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  writeFileSync(file, String((server.address() as AddressInfo).port));
}

export async function closeControl(): Promise<void> {
  server?.close();
  server?.closeAllConnections();
}

function state(): DesktopState {
  return {
    debuggingPort: debuggingPort(),
    trays: recorded.trays.map(({ image, toolTip, menu, menusSet }) => ({
      image,
      menusSet,
      toolTip,
      menu: menu
        .filter(({ type }) => type !== 'separator')
        .map(({ label = '', enabled = true, checked = false }) => ({ label, enabled, checked })),
    })),
    notifications: recorded.notifications.map(({ id, title, body, isShown, isKept, silent, actions }) => ({
      id,
      isKept,
      title,
      body,
      isShown,
      silent,
      actions: actions.map(({ text = '' }) => text),
    })),
    questions: recorded.questions,
    opened: recorded.opened,
    windows: BrowserWindow.getAllWindows().map((window) => ({
      isVisible: window.isVisible(),
      isFullScreen: window.isFullScreen(),
      bounds: window.getNormalBounds(),
      backgroundColor: window.options.backgroundColor,
      webPreferences: { ...window.options.webPreferences },
    })),
    errorBoxes: recorded.errorBoxes,
    activationPolicy: recorded.activationPolicy,
    loginItem: recorded.loginItem,
  };
}

function act(action: DesktopAction): void {
  if (action.action === 'menu') findItem(recorded.trays[0]?.menu ?? [], action.label).click?.();
  if (action.action === 'notification')
    recorded.notifications.findLast(({ title }) => title === action.title)?.press();
  if (action.action === 'notification-action') {
    const found = recorded.notifications.findLast(({ title }) => title === action.title);
    const actionIndex = found?.actions.findIndex(({ text }) => text === action.text) ?? -1;
    if (actionIndex === -1)
      throw new Error(`No notification “${action.title}” has a button “${action.text}”.`);
    found?.emit('action', { actionIndex, selectionIndex: -1 }, actionIndex, -1);
  }
  if (action.action === 'theme') nativeTheme.themeSource = action.source;
  if (action.action === 'answer') answers.push(action.button);
  if (action.action === 'close-window') BrowserWindow.getAllWindows()[0]?.close();
  // SAFETY: each entry takes the action of its name.
  (onSystem[action.action] as ((action: DesktopAction) => void) | undefined)?.(action);
}

/** What a system or an accident does. */
const onSystem: {
  [Name in DesktopAction['action']]?: (action: Extract<DesktopAction, { action: Name }>) => void;
} = {
  'crash-page': () => void BrowserWindow.getAllWindows()[0]?.webContents.crash(),
  'open-keyring': () => openKeyring(),
  'tray-click': () => recorded.trays[0]?.press(),
  'tray-menu': ({ isOpen }) => (isOpen ? recorded.trays[0]?.openMenu() : recorded.trays[0]?.closeMenu()),
  'notification-times-out': ({ title }) =>
    recorded.notifications.findLast((one) => one.title === title)?.timeOut(),
  'old-notification': ({ id }) => pressOld(id),
  'full-screen': () => BrowserWindow.getAllWindows()[0]?.setFullScreen(true),
  'system-shuts-down': () => void powerMonitor.emit('shutdown', new PreventableEvent()),
  'session-ends': () => {
    for (const window of [...BaseWindow.all, ...BrowserWindow.getAllWindows()])
      window.emit('session-end', {});
  },
  'starts-while-quitting': ({ argv }) => {
    // A person who sees nothing happen starts it twice.
    const start = () => app?.emit('second-instance', {}, argv, process.cwd(), null);
    app?.once('will-quit', () => {
      start();
      start();
    });
    app?.quit();
  },
  displays: ({ areas }) => {
    screen.displays = areas.map((workArea, index) => ({ id: index + 1, workArea }));
  },
};

function findItem(menu: MenuItem[], label: string): MenuItem {
  const all = menu.flatMap((item) => [item, ...(item.submenu ?? [])]);
  const found = all.find((item) => item.label === label && item.enabled !== false);
  if (!found) throw new Error(`The menu has no entry “${label}” that can be clicked.`);
  return found;
}
