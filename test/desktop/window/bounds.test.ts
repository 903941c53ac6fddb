import { describe, expect, it } from 'vitest';
import { boundsInSight } from '../../../electron/desktop/window/bounds.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const external = { x: 1440, y: 0, width: 1920, height: 1080 };
const size = { width: 1200, height: 800 };

describe('boundsInSight', () => {
  it.each([
    ['inside a display', { x: 100, y: 100, ...size }, [laptop]],
    ['on the second display', { x: 1600, y: 50, ...size }, [laptop, external]],
    ['across two displays', { x: 900, y: 50, ...size }, [laptop, external]],
    ['half of its title bar beyond the edge', { x: 840, y: 100, ...size }, [laptop]],
    ['its foot below the display', { x: 100, y: 800, ...size }, [laptop]],
  ])('leaves a window as it is: %s', (_name, bounds, areas) => {
    expect(boundsInSight(bounds, areas)).toBe(bounds);
  });

  it.each([
    ['the display is gone', { x: 1600, y: 50, ...size }, [laptop]],
    ['more than half of its title bar is beyond the edge', { x: 841, y: 100, ...size }, [laptop]],
    ['its title bar is above the display', { x: 100, y: -20, ...size }, [laptop]],
    ['its title bar is below the display', { x: 100, y: 899, ...size }, [laptop]],
  ])('brings it to the middle of the first display: %s', (_name, bounds, areas) => {
    expect(boundsInSight(bounds, areas)).toEqual({ x: 120, y: 63, ...size });
  });

  it('makes a window no larger than the display it comes to', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(boundsInSight({ x: 4000, y: 4000, ...size }, [small])).toEqual(small);
  });

  it('changes nothing while the system names no display', () => {
    const bounds = { x: 9000, y: 9000, ...size };
    expect(boundsInSight(bounds, [])).toBe(bounds);
  });
});
