import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { appMenu } from '../../../electron/desktop/window/app-menu.ts';

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

describe.each(['linux', 'darwin', 'win32'] as const)('the menu on %s', (platform) => {
  const actions = { showLog: vi.fn(), showHelp: vi.fn() };
  const items = flat(appMenu(platform, actions));
  const roles = items.flatMap(({ role }) => role ?? []);

  it('has nothing for developers in it', () => {
    for (const role of ['toggleDevTools', 'reload', 'forceReload', 'viewMenu', 'fileMenu'])
      expect(roles).not.toContain(role);
  });

  it('copies, pastes and zooms', () => {
    for (const role of ['editMenu', 'zoomIn', 'zoomOut', 'resetZoom']) expect(roles).toContain(role);
  });

  it('leads from Help to the log, and to versions', () => {
    for (const label of ['Show the log', 'Versions and the command line'])
      items.find((item) => item.label === label)?.click?.(undefined as never, undefined, undefined as never);
    expect(actions.showLog).toHaveBeenCalledTimes(1);
    expect(actions.showHelp).toHaveBeenCalledTimes(1);
  });

  it('can be left', () => {
    expect(roles.some((role) => role === 'quit' || role === 'appMenu')).toBe(true);
  });
});
