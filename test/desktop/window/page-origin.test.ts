import { describe, expect, it } from 'vitest';
import { isGranted, isOurPage } from '../../../electron/desktop/window/page-origin.ts';
import { pageOrigin } from '../../../shared/ipc.ts';

describe('what a page is granted', () => {
  it('is the clipboard’s writing side, for our own page alone', () => {
    for (const url of [pageOrigin, `${pageOrigin}/`, `${pageOrigin}/index.html#/settings`]) {
      expect(isOurPage(url)).toBe(true);
      expect(isGranted('clipboard-sanitized-write', url)).toBe(true);
      for (const permission of [
        'clipboard-read',
        'media',
        'geolocation',
        'notifications',
        'openExternal',
        'unknown',
      ])
        expect(isGranted(permission, url)).toBe(false);
    }
    for (const url of ['https://example.com/', `${pageOrigin}.example.com/`, 'file:///index.html', ''])
      expect(isGranted('clipboard-sanitized-write', url)).toBe(false);
  });
});
