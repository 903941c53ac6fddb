import type { Rectangle } from 'electron';

/** Height of the strip by which a window is moved, in device-independent pixels. */
const titleBarHeight = 32;

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Returns the bounds of a window that can be seen and moved: as they are while at least half of its title bar is on the displays, else
 * in the middle of the first display, no larger than that.
 * @param workAreas what each display has free for windows, the primary one first
 */
export function boundsInSight(bounds: Rectangle, workAreas: readonly Rectangle[]): Rectangle {
  const titleBar = { ...bounds, height: Math.min(titleBarHeight, bounds.height) };
  const visible = workAreas.reduce((sum, area) => sum + overlap(titleBar, area), 0);
  const [primary] = workAreas;
  if (!primary || visible * 2 >= titleBar.width * titleBar.height) return bounds;
  const width = Math.min(bounds.width, primary.width);
  const height = Math.min(bounds.height, primary.height);
  return {
    x: Math.round(primary.x + (primary.width - width) / 2),
    y: Math.round(primary.y + (primary.height - height) / 2),
    width,
    height,
  };
}
