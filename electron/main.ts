import { join } from 'node:path';
import { app } from 'electron';
import { startDesktop } from './shell/desktop-app.ts';
import { registerPageScheme } from './shell/page-protocol.ts';

/** The desktop's composition root. Built, it lies in dist/app, beside what else was built. */
const dist = join(import.meta.dirname, '..');

if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  void app.whenReady().then(() => startDesktop(dist));
} else {
  app.quit(); // The first instance hears of it, and shows its window.
}
