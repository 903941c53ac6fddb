import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { debuggingPort } from './browser.ts';
import { answers, type MenuItem, nativeTheme, recorded } from './shell-parts.ts';
import { BrowserWindow } from './window.ts';

let server: Server | undefined;

/** What a spec can see of the desktop. */
export interface DesktopState {
  debuggingPort: number;
  trays: { image: string; toolTip: string; menu: { label: string; enabled: boolean; checked: boolean }[] }[];
  notifications: { title: string; body: string; isShown: boolean; silent: boolean; actions: string[] }[];
  questions: { message: string; buttons: string[] }[];
  opened: string[];
  windows: { isVisible: boolean; webPreferences: Record<string, unknown> }[];
  errorBoxes: { title: string; content: string }[];
}

/** What a spec can do to it. */
export type DesktopAction =
  | { action: 'menu'; label: string }
  | { action: 'notification'; title: string }
  | { action: 'notification-action'; title: string; text: string }
  | { action: 'theme'; source: 'light' | 'dark' }
  | { action: 'answer'; button: string }
  | { action: 'close-window' };

/** A service on loopback by which a spec reads and clicks; its port is written to the file that the spec names. */
export async function openControl(): Promise<void> {
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
    trays: recorded.trays.map(({ image, toolTip, menu }) => ({
      image,
      toolTip,
      menu: menu
        .filter(({ type }) => type !== 'separator')
        .map(({ label = '', enabled = true, checked = false }) => ({ label, enabled, checked })),
    })),
    notifications: recorded.notifications.map(({ title, body, isShown, silent, actions }) => ({
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
      webPreferences: { ...window.options.webPreferences },
    })),
    errorBoxes: recorded.errorBoxes,
  };
}

function act(action: DesktopAction): void {
  if (action.action === 'menu') findItem(recorded.trays[0]?.menu ?? [], action.label).click?.();
  if (action.action === 'notification')
    recorded.notifications.findLast(({ title }) => title === action.title)?.emit('click');
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
}

function findItem(menu: MenuItem[], label: string): MenuItem {
  const all = menu.flatMap((item) => [item, ...(item.submenu ?? [])]);
  const found = all.find((item) => item.label === label && item.enabled !== false);
  if (!found) throw new Error(`The menu has no entry “${label}” that can be clicked.`);
  return found;
}
