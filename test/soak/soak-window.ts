import type { Browser, CDPSession, Page } from 'playwright-core';

/** The page as a person has it open, in a real browser. */
export class SoakWindow {
  readonly #page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  /** Resolves once its list is drawn. */
  static async open(browser: Browser, address: string): Promise<SoakWindow> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByText(/^[\d,]+ hosts$/).waitFor();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    return new SoakWindow(page, cdp);
  }

  /** The page's JavaScript heap in MB, after garbage is collected. */
  async heap(): Promise<number> {
    await this.#cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 2 ** 20;
  }

  async close(): Promise<void> {
    await this.#page.context().close();
  }
}
