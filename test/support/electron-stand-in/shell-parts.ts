import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';

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
  errorBoxes: [] as { title: string; content: string }[],
};

export const Menu = {
  buildFromTemplate: (items: MenuItem[]) => ({ items }),
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
    this.menu = menu.items;
  }
  destroy(): void {
    recorded.trays.splice(recorded.trays.indexOf(this), 1);
  }
}

export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }
  readonly title: string;
  readonly body: string;
  isShown = false;

  constructor({ title, body }: { title: string; body: string }) {
    super();
    this.title = title;
    this.body = body;
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
};

export const powerMonitor = new EventEmitter();

export const session = {
  defaultSession: {
    setPermissionRequestHandler(): void {},
    setPermissionCheckHandler(): void {},
  },
};
