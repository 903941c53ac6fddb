import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** `notafter serve` with its page open in a browser of its own. */
export class HeadlessApp implements AsyncDisposable {
  readonly service: Service;
  readonly browser: Browser;
  readonly page: Page;
  readonly #folder: ReturnType<typeof temporaryFolder>;

  private constructor(
    service: Service,
    browser: Browser,
    page: Page,
    folder: ReturnType<typeof temporaryFolder>,
  ) {
    this.service = service;
    this.browser = browser;
    this.page = page;
    this.#folder = folder;
  }

  /** @param dataFolder a folder of one's own; it stays */
  static async launch(dataFolder?: string): Promise<HeadlessApp> {
    const folder = temporaryFolder();
    const service = await Service.start(dataFolder ?? folder.path);
    const executablePath = findChromium();
    if (!executablePath) throw new Error('The specs need a Chromium: see README, Development.');
    const browser = await chromium.launch({ executablePath, args: chromiumArgs });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    return new HeadlessApp(service, browser, page, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.service[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}
