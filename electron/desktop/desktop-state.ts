import type { Rectangle } from 'electron';
import ElectronStore from 'electron-store';
import { z } from 'zod';

const side = z.int().min(100).max(100_000);
const boundsSchema = z.object({
  x: z.int().min(-100_000).max(100_000),
  y: z.int().min(-100_000).max(100_000),
  width: side,
  height: side,
});

/** What the desktop app remembers of itself, beside jobs and settings. What cannot be read counts as not remembered. */
export class DesktopMemory {
  readonly #store: ElectronStore<Record<string, unknown>>;

  constructor(folder: string) {
    this.#store = new ElectronStore({ cwd: folder, name: 'desktop', clearInvalidConfig: true });
  }

  /** Where the window was; empty where that is not known. */
  get bounds(): Partial<Rectangle> {
    const parsed = boundsSchema.safeParse(this.#store.get('bounds'));
    return parsed.success ? parsed.data : {};
  }

  set bounds(bounds: Rectangle) {
    this.#store.set('bounds', bounds);
  }

  /** When a newer version was looked for last, in milliseconds since the epoch; null: never. */
  get updateLookedAt(): number | null {
    const at = this.#store.get('updateLookedAt');
    return typeof at === 'number' && Number.isFinite(at) ? at : null;
  }

  set updateLookedAt(at: number | null) {
    this.#store.set('updateLookedAt', at);
  }

  /** Whether the hint that NotAfter keeps running in the tray was shown. */
  get hasShownTrayHint(): boolean {
    return this.#store.get('hasShownTrayHint') === true;
  }

  set hasShownTrayHint(value: boolean) {
    this.#store.set('hasShownTrayHint', value);
  }
}
