import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { basename } from 'node:path';
import { mark } from './marks.ts';

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
  questions: [] as { message: string; buttons: string[] }[],
  /** Addresses handed to the person's browser. */
  opened: [] as string[],
};

/** What a person presses in the next questions, by the button's words; the last button otherwise. */
export const answers: string[] = [];

export const Menu = {
  buildFromTemplate: (items: MenuItem[]) => ({ items }),
  setApplicationMenu({ items }: { items: MenuItem[] }): void {
    recorded.appMenu = items;
  },
};

/** A keyring that turns bits over: what it has encrypted does not read like what it was. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => process.env['KEYRING_IN_TEST'] !== 'none',
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
  setContextMenu(menu: { items: MenuItem[] }): void {
    mark('tray');
    this.menu = menu.items;
  }
  destroy(): void {
    recorded.trays.splice(recorded.trays.indexOf(this), 1);
  }
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return process.env['NOTIFICATIONS_IN_TEST'] !== 'none';
  }
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly actions: { text?: string }[];
  isShown = false;

  constructor(options: { title: string; body: string; silent?: boolean; actions?: { text?: string }[] }) {
    super();
    this.title = options.title;
    this.body = options.body;
    this.silent = options.silent ?? false;
    this.actions = options.actions ?? [];
  }
  show(): void {
    this.isShown = true;
    recorded.notifications.push(this);
  }
  close(): void {
    this.isShown = false;
    this.emit('close');
  }
}

export const dialog = {
  showErrorBox(title: string, content: string): void {
    recorded.errorBoxes.push({ title, content });
    process.stderr.write(`${title}: ${content}\n`);
  },
  /** With a window or without one. */
  async showMessageBox(...args: unknown[]): Promise<{ response: number }> {
    // True because its options come last.
    const { message, buttons } = args.at(-1) as { message: string; buttons: string[] };
    recorded.questions.push({ message, buttons });
    const answer = answers.shift();
    return { response: answer === undefined ? buttons.length - 1 : buttons.indexOf(answer) };
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

/** One screen, as large as anybody's. */
export const screen = {
  getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 3840, height: 2160 } }),
};

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
