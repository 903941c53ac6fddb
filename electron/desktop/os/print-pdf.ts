import { BrowserWindow } from 'electron';
import type { Clock } from '../../engine/clock.ts';
import type { PrintPdf } from '../../engine/reports/pdf.ts';

/** A page of some hundred rows is printed within a second. */
const maxMs = 30_000;

/**
 * Makes a printer of pages to PDF files: each is loaded into a separate hidden window, which runs no script and is closed after it.
 */
export function pdfPrinter(clock: Clock): PrintPdf {
  return async (html, signal) => {
    const window = new BrowserWindow({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
    });
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = clock.after(maxMs, () => reject(new Error('Printing took too long.')));
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp);
    try {
      return await Promise.race([print(window, html), late]);
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
      window.destroy();
    }
  };
}

async function print(window: BrowserWindow, html: string): Promise<Uint8Array<ArrayBuffer>> {
  await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`);
  // The page has its own margins (`@page`); tagged for screen readers.
  const printed = await window.webContents.printToPDF({
    pageSize: 'A4',
    preferCSSPageSize: true,
    generateTaggedPDF: true,
  });
  return new Uint8Array(printed);
}
