import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { basename } from 'node:path';
import { mark } from './marks.ts';
import { isMode } from './modes.ts';

export interface MenuItem {
  label?: string;
  type?: string;
  enabled?: boolean;
  checked?: boolean;
  click?: () => void;
  submenu?: MenuItem[];
}

/** What was put on the screen outside of windows, for a spec to read and click. */
export const recorded = {
  trays: [] as Tray[],
  notifications: [] as Notification[],
  appMenu: [] as MenuItem[],
  errorBoxes: [] as { title: string; content: string }[],
  questions: [] as { message: string; buttons: string[]; isModal?: boolean }[],
  /** Addresses handed to the person's browser. */
  opened: [] as string[],
  /** What was asked of the Dock (macOS). */
  activationPolicy: 'regular',
  /** As macOS and Windows keep it. */
  loginItem: { openAtLogin: false, args: [] as string[] },
};

/** What a person presses in the next questions, by the button's words; the last button otherwise. */
export const answers: string[] = [];

/** A menu; Linux never says that one is open or closed. */
export class Menu extends EventEmitter {
  readonly items: MenuItem[];
  constructor(items: MenuItem[] = []) {
    super();
    this.items = items;
  }
  static buildFromTemplate(items: MenuItem[]): Menu {
    return new Menu(items);
  }
  static setApplicationMenu({ items }: Menu): void {
    recorded.appMenu = items;
  }
}

/** Resolves when the person has typed the keyring's password. */
const keyringOpened = Promise.withResolvers<void>();
if (!isMode('keyring-waits')) keyringOpened.resolve();
export const openKeyring = () => keyringOpened.resolve();

/** A keyring that turns bits over: what it has encrypted does not read like what it was. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => {
    await keyringOpened.promise;
    return process.env['KEYRING_IN_TEST'] !== 'none';
  },
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync: async (text: string) => Buffer.from(Buffer.from(text).map((byte) => byte ^ 0xff)),
  decryptStringAsync: async (encrypted: Buffer) => ({
    result: Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString(),
    shouldReEncrypt: false,
  }),
};

export const nativeImage = {
  createFromPath(path: string): { path: string } {
    if (!existsSync(path)) throw new Error(`There is no picture ${path}.`); // Electron would show an empty one.
    return { path };
  },
};

export class Tray extends EventEmitter {
  image: string;
  toolTip = '';
  menu: MenuItem[] = [];
  /** How often a menu was set. */
  menusSet = 0;
  #menu: Menu | undefined;
  #isOpen = false;

  constructor(image: { path: string }) {
    super();
    this.image = basename(image.path);
    recorded.trays.push(this);
  }
  setImage(image: { path: string }): void {
    this.image = basename(image.path);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  /** On macOS the menu that is open closes, and says so inside the call. */
  setContextMenu(menu: Menu): void {
    mark('tray');
    this.menusSet += 1;
    if (this.#isOpen && isMode('macos')) this.closeMenu();
    this.#menu = menu;
    this.menu = menu.items;
  }
  /** The person clicks the icon: macOS opens the menu and emits the click as well, the others emit the click. */
  press(): void {
    this.emit('click', {});
    if (isMode('macos')) this.openMenu();
  }
  openMenu(): void {
    this.#isOpen = true;
    if (hasMenuEvents()) this.#menu?.emit('menu-will-show', {});
  }
  closeMenu(): void {
    this.#isOpen = false;
    if (hasMenuEvents()) this.#menu?.emit('menu-will-close', {});
  }
  destroy(): void {
    recorded.trays.splice(recorded.trays.indexOf(this), 1);
  }
}

const hasMenuEvents = () => isMode('macos') || isMode('windows');

interface Activation {
  type: string;
  arguments: string;
  actionIndex?: number;
}

/** What macOS says where its person does not allow them, and where the app is not signed. */
const notAllowed = 'Notifications are not allowed for this application';

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return process.env['NOTIFICATIONS_IN_TEST'] !== 'none';
  }
  /** Windows alone has it: clicks on every notification of the app, also on those of an earlier run. */
  static handleActivation: ((callback: (details: Activation) => void) => void) | undefined = isMode('windows')
    ? (callback) => {
        Notification.activated = callback;
      }
    : undefined;
  static activated: (details: Activation) => void = () => undefined;
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly actions: { text?: string }[];
  isShown = false;

  /** Whether it is in Windows' Action Center. */
  isKept = false;
  isDestroyed = false;

  constructor(options: {
    id?: string;
    title: string;
    body: string;
    silent?: boolean;
    actions?: { text?: string }[];
  }) {
    super();
    this.id = options.id ?? '';
    if (isMode('windows') && (this.id.length > 64 || /[&=]/.test(this.id)))
      throw new Error('Notification id exceeds Windows limit of 64 UTF-16 characters');
    this.title = options.title;
    this.body = options.body;
    this.silent = options.silent ?? false;
    this.actions = options.actions ?? [];
  }
  /** libnotify answers within the call; macOS and Windows a while later. A refusal comes in place of `show`. */
  show(): void {
    const refusal = process.env['NOTIFICATIONS_IN_TEST'] === 'refused';
    this.isShown = !refusal;
    if (!refusal) recorded.notifications.push(this);
    const answer = () =>
      refusal ? this.emit('failed', {}, isMode('macos') ? notAllowed : '') : this.emit('show', {});
    if (isMode('macos') || isMode('windows')) setImmediate(answer);
    else answer();
  }
  /** Only macOS says that a notification is closed by the app itself. */
  close(): void {
    this.isShown = false;
    this.isKept = false;
    if (isMode('macos')) this.emit('close', {});
  }
  /** Nobody touches it: on Windows it moves to the Action Center, elsewhere it goes. */
  timeOut(): void {
    this.isShown = false;
    this.isKept = isMode('windows');
    this.emit('close', isMode('windows') ? { reason: 'timedOut' } : {});
  }
  /** The person clicks it, on the screen or in the Action Center. */
  press(): void {
    Notification.activated({ type: 'click', arguments: `type=click&tag=${this.id}` });
    this.emit('click', {});
  }
}

/** A click on a notification that an earlier run showed: Windows started the app for it. */
export function pressOld(id: string): void {
  Notification.activated({ type: 'click', arguments: `type=click&tag=${id}` });
}

export const dialog = {
  showErrorBox(title: string, content: string): void {
    recorded.errorBoxes.push({ title, content });
    process.stderr.write(`${title}: ${content}\n`);
  },
  /** With a window or without one. */
  async showMessageBox(...args: unknown[]): Promise<{ response: number }> {
    // SAFETY: its options come last.
    const { message, buttons } = args.at(-1) as { message: string; buttons: string[] };
    recorded.questions.push({ message, buttons });
    const answer = answers.shift();
    return { response: answer === undefined ? buttons.length - 1 : buttons.indexOf(answer) };
  },
  /** The next answer is the path that is chosen; without one it is canceled. */
  async showOpenDialog(...args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    // SAFETY: its options come last.
    const { title, properties } = args.at(-1) as { title: string; properties: string[] };
    recorded.questions.push({ message: title, buttons: properties, isModal: args.length > 1 });
    const answer = answers.shift();
    return { canceled: answer === undefined, filePaths: answer === undefined ? [] : [answer] };
  },
};

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.shouldUseDarkColors;
  }
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.emit('updated');
  }
}

export const nativeTheme = new NativeTheme();

interface Display {
  id: number;
  workArea: { x: number; y: number; width: number; height: number };
}

/** The displays there are, the primary one first. */
class Screen extends EventEmitter {
  displays: Display[] = [{ id: 1, workArea: { x: 0, y: 0, width: 3840, height: 2160 } }];
  getAllDisplays(): Display[] {
    return [...this.displays].reverse();
  }
  getPrimaryDisplay(): Display | undefined {
    return this.displays[0];
  }
}
export const screen = new Screen();

export const powerMonitor = new EventEmitter();

export const session = {
  defaultSession: {
    setPermissionRequestHandler(): void {},
    setPermissionCheckHandler(): void {},
  },
  fromPartition: () => ({}),
};

/** Electron's own requests, by Node's: electron-updater makes them. */
export const net = {
  request: ({ session: _session, ...options }: RequestOptions & { session?: unknown }) => request(options),
};

/** Squirrel's side of updates, of which electron-updater uses the events alone where there is no Squirrel. */
export const autoUpdater = new EventEmitter();
