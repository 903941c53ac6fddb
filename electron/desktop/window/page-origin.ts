import { pageOrigin } from '../../../shared/ipc.ts';

/** Whether an address is our own page. */
export function isOurPage(url: string): boolean {
  return url === pageOrigin || url.startsWith(`${pageOrigin}/`);
}

/** Whether a page gets what it asks for: ours may put text on the clipboard when somebody clicks “copy”, and nothing else. */
export function isGranted(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurPage(url);
}
