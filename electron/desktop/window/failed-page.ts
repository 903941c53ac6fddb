import { pageOrigin } from '../../../shared/ipc.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');

/**
 * The page that stands in for one that cannot be shown: what happened, and a link that tries again. It has no script and needs nothing
 * from disk, since that may be what failed.
 */
export function failedPage(sentence: string, logPath: string | null): string {
  const log = logPath === null ? '' : `<p class="dim">The log has more: ${escapeHtml(logPath)}</p>`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>NotAfter</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 34em; margin: 18vh auto 0; padding: 0 20px; background: Canvas; color: CanvasText; }
.dim { opacity: .7; font-size: 13px; overflow-wrap: anywhere; }
a { display: inline-block; padding: 6px 14px; border-radius: 6px; background: #1c64c8; color: #fff; text-decoration: none; }
a:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
</style>
<h1>NotAfter</h1>
<p role="alert">${escapeHtml(sentence)}</p>
<p>Checks and alerts go on without the window.</p>
<p><a href="${pageOrigin}/index.html" autofocus>Try again</a></p>${log}</html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}
