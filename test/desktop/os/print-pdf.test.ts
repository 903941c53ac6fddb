import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pdfPrinter } from '../../../electron/desktop/os/print-pdf.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface Opened {
  options: { show: boolean; webPreferences: Record<string, unknown> };
  url: string;
  isDestroyed: boolean;
}
const opened: Opened[] = [];
let printing: () => Promise<Buffer>;
vi.mock('electron', () => ({
  BrowserWindow: class implements Opened {
    options: Opened['options'];
    url = '';
    isDestroyed = false;
    webContents = { printToPDF: () => printing() };
    constructor(options: Opened['options']) {
      this.options = options;
      opened.push(this);
    }
    async loadURL(url: string): Promise<void> {
      this.url = url;
    }
    destroy(): void {
      this.isDestroyed = true;
    }
  },
}));

describe('a printer of reports', () => {
  beforeEach(() => opened.splice(0));
  const html = '<!doctype html><p>Müller';
  const { signal } = new AbortController();

  it('loads the page into a hidden window that runs no script, and closes it', async () => {
    printing = async () => Buffer.from('%PDF-1.4');
    const clock = new ManualClock();
    expect(Buffer.from(await pdfPrinter(clock)(html, signal)).toString()).toBe('%PDF-1.4');
    const [window] = opened;
    expect(window?.options).toEqual({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
    });
    const [head, content = ''] = window?.url.split(',') ?? [];
    expect(head).toBe('data:text/html;charset=utf-8;base64');
    expect(Buffer.from(content, 'base64').toString()).toBe(html);
    expect([window?.isDestroyed, clock.pending]).toEqual([true, 0]);
  });

  it('gives up a window that never prints, and closes one that fails', async () => {
    const clock = new ManualClock();
    printing = () => new Promise(() => undefined);
    const late = pdfPrinter(clock)(html, signal);
    clock.advance(30_000);
    await expect(late).rejects.toThrow('Printing took too long.');
    printing = () => Promise.reject(new Error('Failed to generate PDF'));
    await expect(pdfPrinter(clock)(html, signal)).rejects.toThrow('Failed to generate PDF');
    expect(opened.map(({ isDestroyed }) => isDestroyed)).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  it('closes the window of what is given up', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    printing = () => new Promise(() => undefined);
    const stopped = pdfPrinter(clock)(html, controller.signal);
    controller.abort(new Error('NotAfter stopped.'));
    await expect(stopped).rejects.toThrow('NotAfter stopped.');
    expect([opened[0]?.isDestroyed, clock.pending]).toEqual([true, 0]);
  });
});
