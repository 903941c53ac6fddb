import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { packageConfig } from '../../build/package/config.ts';
import { serveRpcPorts } from '../../electron/desktop/rpc/port.ts';
import { harden } from '../../electron/desktop/security.ts';
import { appMenu } from '../../electron/desktop/window/app-menu.ts';
import { registerPageScheme, servePage } from '../../electron/desktop/window/page-protocol.ts';
import { MainWindow } from '../../electron/desktop/window/window.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { pagePolicy } from '../../shared/csp.ts';
import { connectChannel, pageOrigin, pageScheme } from '../../shared/ipc.ts';
import { settingsSchema } from '../../shared/schema/settings.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { KeptLog } from '../support/test-engine.ts';

/**
 * Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), point by point: a line for each
 * with how it is held. Electron is recorded here: what our own modules ask of it is what is looked at.
 */
const electron = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  type Handler = (...args: unknown[]) => unknown;
  return {
    app: Object.assign(new Emitter(), { isPackaged: true }),
    ipcMain: new Emitter(),
    windows: [] as { options: { webPreferences: Record<string, unknown> }; url: string }[],
    schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
    pages: new Map<string, (request: Request) => Promise<Response>>(),
    permission: { request: (() => undefined) as Handler, check: (() => undefined) as Handler },
    asked: [] as string[],
    opened: [] as string[],
    answer: 1,
  };
});
vi.mock('electron', () => ({
  app: electron.app,
  ipcMain: electron.ipcMain,
  BrowserWindow: class extends EventEmitter {
    url = '';
    options: { webPreferences: Record<string, unknown> };
    constructor(options: { webPreferences: Record<string, unknown> }) {
      super();
      this.options = options;
      electron.windows.push(this);
    }
    webContents = Object.assign(new EventEmitter(), {
      loadURL: (url: string) => {
        this.url = url;
        return Promise.resolve();
      },
    });
  },
  nativeTheme: { shouldUseDarkColors: false },
  protocol: {
    registerSchemesAsPrivileged: (schemes: typeof electron.schemes) => electron.schemes.push(...schemes),
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      electron.pages.set(scheme, handler),
  },
  session: {
    defaultSession: {
      setPermissionRequestHandler: (handler: (typeof electron.permission)['request']) => {
        electron.permission.request = handler;
      },
      setPermissionCheckHandler: (handler: (typeof electron.permission)['check']) => {
        electron.permission.check = handler;
      },
    },
  },
  dialog: {
    showMessageBox: async ({ detail }: { detail: string }) => {
      electron.asked.push(detail);
      return { response: electron.answer };
    },
  },
  shell: { openExternal: async (url: string) => void electron.opened.push(url) },
}));

const root = join(import.meta.dirname, '../..');
const pageFolder = join(root, 'dist/page');

/** Every text of a folder of sources. */
function sources(folder: string): string {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|html)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** What a page would be: its events, and who decides about its windows. */
class Contents extends EventEmitter {
  opensWindow: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  setWindowOpenHandler(handler: Contents['opensWindow']): void {
    this.opensWindow = handler;
  }
  getURL = () => `${pageOrigin}/`;
}
let contents: Contents;
const isPrevented = (event: string, details: object): boolean => {
  const preventDefault = vi.fn();
  contents.emit(event, { ...details, preventDefault });
  return preventDefault.mock.calls.length > 0;
};

harden(() => undefined);
registerPageScheme();
servePage(pageFolder);
const memory = { bounds: {} } as ConstructorParameters<typeof MainWindow>[0]['memory'];
new MainWindow({
  preload: '/preload.cjs',
  icon: '/icon.png',
  memory,
  clock: new ManualClock(),
  log: new KeptLog(),
  onClose: () => undefined,
}).show();
const window = () => electron.windows[0];
const preferences = () => window()?.options.webPreferences ?? {};
const load = (path: string, more: RequestInit = {}) =>
  electron.pages.get(pageScheme)?.(new Request(`${pageOrigin}${path}`, more));

beforeEach(() => {
  contents = new Contents();
  electron.app.emit('web-contents-created', {}, contents);
  electron.asked.length = 0;
  electron.opened.length = 0;
});

describe('Electron’s security checklist', () => {
  it('1. only secure content: the window loads our own scheme, and the page names no other address', () => {
    expect(window()?.url).toBe(`${pageOrigin}/index.html`);
    const html = readFileSync(join(pageFolder, 'index.html'), 'utf8');
    expect(
      [...html.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map(([, url = '']) => url)
        .filter((url) => /^\w+:|^\/\//.test(url)),
    ).toEqual([]);
  });

  it('2. no Node integration, in workers and frames neither', () => {
    expect(preferences()).toMatchObject({ nodeIntegration: false });
    expect(preferences()).not.toHaveProperty('nodeIntegrationInWorker');
    expect(preferences()).not.toHaveProperty('nodeIntegrationInSubFrames');
  });

  it('3. context isolation is on', () => expect(preferences()).toMatchObject({ contextIsolation: true }));

  it('4. the process is sandboxed', () => expect(preferences()).toMatchObject({ sandbox: true }));

  it('5. permissions are denied: all but writing to the clipboard, for our own page', () => {
    const granted: unknown[] = [];
    const ask = (permission: string) =>
      electron.permission.request(contents, permission, (isGranted: boolean) => granted.push(isGranted));
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ])
      ask(permission);
    expect(granted).toEqual(Array(6).fill(false));
    ask('clipboard-sanitized-write');
    expect(granted.at(-1)).toBe(true);
    expect(electron.permission.check(null, 'clipboard-sanitized-write', 'https://example.com/')).toBe(false);
    expect(electron.permission.check(null, 'media', `${pageOrigin}/`)).toBe(false);
  });

  it('6. web security is on', () => {
    expect(preferences()).not.toHaveProperty('webSecurity');
    expect(electron.schemes[0]?.privileges).not.toHaveProperty('bypassCSP');
    expect(electron.schemes[0]?.privileges).not.toHaveProperty('corsEnabled');
  });

  it('7. a strict content security policy: scripts of our own alone, no eval, nothing remote', async () => {
    expect((await load('/'))?.headers.get('content-security-policy')).toBe(pagePolicy);
    expect(pagePolicy).toContain("default-src 'none'");
    expect(pagePolicy).toContain("script-src 'self';");
    expect(pagePolicy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it('8. no insecure content', () => expect(preferences()).not.toHaveProperty('allowRunningInsecureContent'));

  it('9. no experimental features', () => expect(preferences()).not.toHaveProperty('experimentalFeatures'));

  it('10. no Blink features switched on', () => {
    expect(preferences()).not.toHaveProperty('enableBlinkFeatures');
    expect(sources('electron')).not.toMatch(
      /appendSwitch\(['"](enable-blink|disable-web-security|no-sandbox)/,
    );
  });

  it('11. no webview, so none with pop-ups', () => {
    expect(preferences()).toMatchObject({ webviewTag: false });
    expect(sources('renderer')).not.toMatch(/<webview/);
  });

  it('12. a webview that a page should make is not attached', () =>
    expect(isPrevented('will-attach-webview', {})).toBe(true));

  it('13. navigation is denied, but within our own page', () => {
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      `${pageOrigin}.example.com/`,
      'data:text/html,x',
    ])
      expect(isPrevented('will-navigate', { url })).toBe(true);
    expect(isPrevented('will-navigate', { url: `${pageOrigin}/index.html#/alerts` })).toBe(false);
  });

  it('14. new windows are denied', () => {
    for (const url of ['https://example.com/', `${pageOrigin}/`, 'about:blank'])
      expect(contents.opensWindow({ url })).toEqual({ action: 'deny' });
  });

  it('15. links open outside only when they are https, and after asking', async () => {
    electron.answer = 1;
    for (const url of [
      'https://example.com/',
      'http://example.com/',
      'file:///etc/passwd',
      'smb://example.com/',
      'javascript:alert(1)',
    ])
      contents.opensWindow({ url });
    await expect.poll(() => electron.asked).toEqual(['https://example.com/']);
    expect(electron.opened).toEqual([]);
    electron.answer = 0;
    contents.opensWindow({ url: 'https://example.com/yes' });
    await expect.poll(() => electron.opened).toEqual(['https://example.com/yes']);
  });

  it('16. a current Electron, and how it is kept so is written down', () => {
    expect(
      Number(packageJson.devDependencies.electron.replace(/^\D+/, '').split('.')[0]),
    ).toBeGreaterThanOrEqual(45);
    expect(readFileSync(join(root, 'SECURITY.md'), 'utf8')).toMatch(/## Electron/);
  });

  it('17. messages are heard from the main frame of our own page alone', async () => {
    const started: string[] = [];
    serveRpcPorts({} as never, {} as never, {} as never, { info() {}, warn() {}, error() {} });
    const connect = (senderFrame: { url: string; parent: object | null } | null) => {
      const port = Object.assign(new EventEmitter(), {
        start: () => started.push(senderFrame?.url ?? ''),
        postMessage() {},
      });
      electron.ipcMain.emit(connectChannel, { ports: [port], senderFrame });
    };
    connect(null);
    connect({ url: 'https://example.com/', parent: null });
    connect({ url: `${pageOrigin}.example.com/`, parent: null });
    connect({ url: `${pageOrigin}/index.html`, parent: {} });
    expect(started).toEqual([]);
    connect({ url: `${pageOrigin}/index.html`, parent: null });
    await expect.poll(() => started).toEqual([`${pageOrigin}/index.html`]);
  });

  it('18. no file:// but a scheme of our own, which serves the page’s folder and nothing else', async () => {
    expect(electron.schemes).toMatchObject([
      { scheme: pageScheme, privileges: { standard: true, secure: true } },
    ]);
    expect(sources('electron')).not.toMatch(/loadFile\(|loadURL\([^)]*file:/);
    expect((await load('/index.html'))?.status).toBe(200);
    for (const path of [
      '/../app/notafter.js',
      '/%2e%2e/app/notafter.js',
      '/..%2fapp%2fnotafter.js',
      '/nothing.js',
    ])
      expect((await load(path))?.status).toBe(404);
    expect((await load('/index.html', { method: 'POST' }))?.status).toBe(404);
  });

  it('19. fuses: no Node mode, options or inspector, cookies encrypted, the archive checked and alone', () => {
    expect(packageConfig({}).electronFuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });

  it('20. the page gets a port, and nothing of Electron', () => {
    const preload = readFileSync(join(root, 'electron/preload.ts'), 'utf8');
    expect(preload).not.toMatch(/contextBridge|exposeInMainWorld/);
    expect(sources('renderer')).not.toMatch(/from 'electron'|@electron\/remote/);
    expect(sources('electron')).not.toMatch(/@electron\/remote|enableRemoteModule/);
  });

  it('beside it: developer tools are off where the app is packed, and no menu leads to them', () => {
    expect(preferences()).toMatchObject({ devTools: false });
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(JSON.stringify(appMenu(platform, { showLog() {}, showHelp() {} }))).not.toMatch(
        /devtools|reload|viewMenu/i,
      );
  });

  it('beside it: secrets are sealed by the system’s keyring where there is one, and by no password that all know', () => {
    const text = sources('electron/desktop');
    expect(text).toMatch(/safeStorage\.isAsyncEncryptionAvailable/);
    expect(text).toMatch(/basic_text/);
  });

  it('beside it: nothing is loaded or installed before a person has agreed', () => {
    expect(sources('electron/desktop')).toMatch(/autoUpdater\.autoDownload = false/);
    expect(settingsSchema.parse({}).updates).toBe('off');
  });
});
