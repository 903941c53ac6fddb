import { pageOrigin } from '../../../shared/ipc.ts';

/** Whether an address is our own page. */
export function isOurPage(url: string): boolean {
  return url === pageOrigin || url.startsWith(`${pageOrigin}/`);
}

/** Decides permission requests: our own page may write to the clipboard when you click “copy”, and nothing else. */
export function isGranted(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurPage(url);
}
