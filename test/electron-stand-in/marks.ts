import { writeFileSync } from 'node:fs';

/** When the app got how far, in milliseconds since its process began. */
export interface Marks {
  /** It began to wait until Electron is ready. */
  waits: number;
  ready: number;
  tray: number;
}

const marks: Partial<Marks> = {};

/** Notes when something happened first, for whoever names a file for it. */
export function mark(name: keyof Marks): void {
  const file = process.env['STAND_IN_MARKS_FILE'];
  if (file === undefined || marks[name] !== undefined) return;
  marks[name] = performance.now();
  if (name === 'tray') writeFileSync(file, JSON.stringify(marks));
}
