/** Prints a page without scripts to a PDF file. */
export type PrintPdf = (html: string) => Promise<Uint8Array<ArrayBuffer>>;

/** What runs NotAfter prints nothing: only Electron has a browser in it. */
export class NoPdfError extends Error {
  override name = 'NoPdfError';
  constructor() {
    super('Only the desktop app makes PDF files. Choose HTML and print it, or run the desktop app.');
  }
}
