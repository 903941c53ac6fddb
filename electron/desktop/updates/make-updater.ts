import { shell } from 'electron';
import { systemClock } from '../../engine/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import type { DesktopMemory } from '../desktop-state.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { MainWindow } from '../window/window.ts';
import { askAboutUpdate } from './dialog.ts';
import { updateSource } from './electron-updater.ts';
import { Updates } from './updater.ts';

/** Updates among the desktop's parts: what they ask, tell and remember by. */
export function makeUpdates(parts: {
  engine: Engine;
  log: Log;
  memory: DesktopMemory;
  notifier: Notifier;
  window: MainWindow;
}): Updates {
  const { engine, log, memory, notifier, window } = parts;
  return new Updates({
    source: updateSource(log, () => window.allowClose()),
    clock: systemClock,
    log,
    isWeekly: () => engine.settings.current.updates === 'weekly',
    memory,
    ask: askAboutUpdate,
    openPage: (page) => shell.openExternal(page),
    onFound: (version) => notifier.tellOfUpdate(version),
    onChange: () => engine.status.announce(),
  });
}
