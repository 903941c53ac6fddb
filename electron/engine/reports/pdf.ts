import { rejectOnAbort } from '../reject-on-abort.ts';

/** Prints a page without scripts to a PDF file. @param signal aborts when it is no longer wanted */
export type PrintPdf = (html: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** What runs NotAfter prints nothing: only Electron has a browser in it. */
export class NoPdfError extends Error {
  override name = 'NoPdfError';
  constructor() {
    super('Only the desktop app makes PDF files. Choose HTML and print it, or run the desktop app.');
  }
}

/** So many pages are printed or wait already. */
export class PdfBusyError extends Error {
  override name = 'PdfBusyError';
  constructor() {
    super('NotAfter is already making other PDF files. Try again in a minute.');
  }
}

/** NotAfter stops before a page is printed. */
export class PdfStoppedError extends Error {
  override name = 'PdfStoppedError';
  constructor() {
    super('NotAfter stopped before the PDF file was made.');
  }
}

/** How many pages may wait for the one that is printed, before those that a person or script asks for are refused. */
const maxWaiting = 4;

/** Prints pages one after the other: each takes a separate window, which costs some 50 MB and a process. */
export class PdfQueue {
  readonly #print: PrintPdf;
  readonly #stop = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  /** How many are printed or wait. */
  #count = 0;

  constructor(print: PrintPdf) {
    this.#print = print;
  }

  /** @throws PdfBusyError where four wait already */
  requireRoom(): void {
    if (this.#count > maxWaiting) throw new PdfBusyError();
  }

  /** Prints a page when all before it are done. @throws PdfStoppedError, and what printing throws */
  async print(html: string): Promise<Uint8Array<ArrayBuffer>> {
    const before = this.#last;
    const done = Promise.withResolvers<void>();
    this.#last = done.promise;
    this.#count += 1;
    const { signal } = this.#stop;
    // One for each page: a promise that outlived them would hold every file that a race with it has returned.
    using stopped = rejectOnAbort(signal);
    try {
      await Promise.race([before, stopped.promise]);
      signal.throwIfAborted();
      return await Promise.race([this.#print(html, signal), stopped.promise]);
    } finally {
      this.#count -= 1;
      done.resolve();
    }
  }

  /** Gives up what is printed and what waits. */
  stop(): void {
    this.#stop.abort(new PdfStoppedError());
  }
}
