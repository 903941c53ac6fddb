import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiveChannels } from '../support/channel-receiver.ts';
import { makeCa } from '../support/pki.ts';
import { listen, serveTls, type TestServer } from '../support/tls-server.ts';
import { expectAccessible } from './axe.ts';

/** Playwright's expectations belong to its own runner; waiting for an element is all that is needed of them. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** Closes a dialog with changes, and confirms that they are discarded. */
export async function discard(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  // While it fades, letters are its own.
  await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
}

export const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

/** What the page must do, whichever way it is connected. */
export function describePageFlows(name: string, open: () => Promise<AsyncDisposable & { page: Page }>): void {
  describe(`the page, ${name}`, () => {
    let app: AsyncDisposable & { page: Page };
    let page: Page;
    let server: TestServer;
    let expiring: TestServer;
    const faults: string[] = [];

    beforeAll(async () => {
      const ca = makeCa('Page Root');
      server = await serveTls(ca.issue(), [ca]);
      expiring = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
      app = await open();
      page = app.page;
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // Chromium calls a refused edit a failure to load; that it is refused is what a spec wants.
        if (message.type() === 'error' && !/status of 400/.test(message.text())) faults.push(message.text());
      });
    });
    afterAll(async () => {
      await app?.[Symbol.asyncDispose]();
      await server?.close();
      await expiring?.close();
    });

    it('says how to begin', async () => {
      await sees(page, 'No hosts yet');
      await page.getByRole('button', { name: 'Add your first host' }).waitFor();
    });

    it('adds a job, and its result arrives without reloading', async () => {
      await page.getByRole('button', { name: 'Add your first host' }).click();
      await page.getByLabel('Address', { exact: true }).fill(`localhost:${server.port}`);
      await sees(page, `Will connect to localhost:${server.port}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
      const added = row(page, `localhost:${server.port}`);
      await added.getByText('in 89 days').waitFor();
      await added.getByText('Untrusted issuer').waitFor();
      await sees(page, 'The chain ends at “Page Root”, which is not trusted on this machine.');
      await sees(page, '1 of 1 needs attention');
    });

    it('refuses an address that is none, at its field', async () => {
      await page.getByRole('button', { name: 'Add host' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Address', { exact: true }).fill('two words');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByText(/“two words” has a space in it/).waitFor();
      await dialog.getByLabel('Address', { exact: true }).fill('localhost:0');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByText('A port is a whole number from 1 to 65535.').waitFor();
    });

    it('refuses a cron pattern that is none, with the engine’s sentence at its field', async () => {
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Address', { exact: true }).fill('localhost:1');
      await dialog.getByLabel('Check schedule').click();
      await page.getByRole('option', { name: 'Cron expression' }).click();
      await dialog.getByLabel('Cron expression').fill('now and then');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByText(/A cron pattern has five fields/).waitFor();
      await expect.poll(() => dialog.getByLabel('Cron expression').getAttribute('aria-invalid')).toBe('true');
      await discard(page);
      expect(await page.getByRole('row').count()).toBe(2); // the head and the one job
    });

    it('edits a job', async () => {
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Display name').fill('The web server');
      await dialog.getByRole('button', { name: /^Notes/ }).click();
      await dialog.getByLabel('Notes').fill('Ask Ada first.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await row(page, 'The web server').waitFor();
      await sees(page, 'Ask Ada first.');
    });

    it('checks a job now', async () => {
      const before = server.connections;
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.waitForFunction(() => !document.querySelector('[data-loading]'));
      await expect.poll(() => server.connections).toBeGreaterThan(before);
    });

    it('works by keyboard alone', async () => {
      await page.keyboard.press('n');
      await page.getByRole('dialog').locator('textarea:focus').waitFor();
      await page.keyboard.type(`localhost:${expiring.port}`);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await sees(page, /^Expires in 5 days/);
      await page.keyboard.press('/');
      await page.keyboard.type('web server');
      await row(page, 'The web server').waitFor();
      await row(page, `localhost:${expiring.port}`).waitFor({ state: 'hidden' });
      await page.getByLabel(/^Search hosts/).fill('');
      await row(page, `localhost:${expiring.port}`).waitFor();
    });

    it('tries an address before it is saved, and shows what was found', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Address', { exact: true }).fill(`localhost:${server.port}`);
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      const found = dialog.getByLabel('Test result');
      await found.getByText(/issued by Page Root.*expires in 89 days/).waitFor();
      await found.getByText(/The chain ends at “Page Root”/).waitFor();
      await discard(page);
    });

    it('adds many addresses at once, with duplicates and errors marked line by line', async () => {
      await page.keyboard.press('n');
      const dialog = page.getByRole('dialog');
      const pasted = [
        '# mail',
        'localhost:1',
        `localhost:${server.port}`,
        'two words',
        'localhost:2',
        'localhost:1',
      ];
      await dialog.getByLabel('Address', { exact: true }).fill(pasted.join('\n'));
      await dialog.getByText('2 new, 1 already in the list, 1 repeated, 1 not understood').waitFor();
      await dialog.getByText(`localhost:${server.port}: already in the list`).waitFor();
      await dialog.getByText('localhost:1: the same as line 2').waitFor();
      await dialog.getByText(/“two words” has a space in it/).waitFor();
      await dialog.getByRole('button', { name: 'Add 2' }).click();
      // What failed stays in the box.
      await expect.poll(() => dialog.getByLabel('Address', { exact: true }).inputValue()).toBe('two words');
      await discard(page);
      await row(page, 'localhost:1').getByText('Nothing listens on port 1').waitFor();
      await row(page, 'localhost:2').getByText('Nothing listens on port 2').waitFor();
    });

    it('selects several hosts, tags them, pauses them, and deletes them together', async () => {
      await page.getByRole('checkbox', { name: 'Select localhost:1', exact: true }).click();
      await page.getByRole('checkbox', { name: 'Select localhost:2', exact: true }).click();
      const bar = page.getByRole('toolbar');
      await bar.getByText('2 selected').waitFor();
      await bar.getByRole('button', { name: 'Tags…' }).click();
      await page.getByRole('dialog').getByLabel('Add tags').fill('batch');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: 'batch 2' }).waitFor();
      await bar.getByRole('button', { name: 'Schedule…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Check schedule').click();
      await page.getByRole('option', { name: 'Cron expression' }).click();
      await dialog.getByLabel('Cron expression').fill('now and then');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText(/A cron pattern has five fields/).waitFor();
      await dialog.getByLabel('Cron expression').fill('0 5 * * *');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await bar.getByRole('button', { name: 'Pause ▾' }).click();
      await page.getByRole('menuitem', { name: 'For an hour' }).click();
      await page.getByRole('link', { name: 'Paused 2' }).waitFor();
      await bar.getByRole('button', { name: 'Delete' }).click();
      await row(page, 'localhost:1').waitFor({ state: 'hidden' });
      await sees(page, '2 hosts deleted');
      await sees(page, /^2 hosts$/);
    });

    it('pauses everything, says so, and resumes', async () => {
      await page.getByRole('button', { name: 'Pause ▾' }).click();
      await page.getByRole('menuitem', { name: 'Until I resume' }).click();
      await sees(page, 'All checks are paused.');
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('All checks are paused.').waitFor({ state: 'hidden' });
    });

    it('shows the alert that was raised', async () => {
      await page.getByRole('link', { name: /^Alerts/ }).click();
      await page.getByRole('link', { name: `localhost:${expiring.port} expires in 5 days` }).click();
      await sees(page, /^Expires in 5 days/);
    });

    it('shows a job’s past: charts, names, the chain to save', async () => {
      await row(page, 'The web server').getByRole('link').click();
      const pane = page.getByRole('complementary');
      for (let count = 0; count < 2; count += 1) {
        await pane.getByRole('button', { name: 'Check now' }).click();
        await page.waitForFunction(() => !document.querySelector('[data-loading]'));
      }
      await pane.getByRole('img', { name: /^Days left from/ }).waitFor();
      await pane.getByRole('img', { name: /^Response time from/ }).waitFor();
      await pane.getByText('Page Root').first().waitFor();
      await page.getByRole('button', { name: 'More actions' }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: 'Save chain as PEM' }).click();
      expect((await download).suggestedFilename()).toBe('The_web_server.pem');
    });

    it('does anything by its name, and lists its keys', async () => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Type a command or a host').fill('go to alerts');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Alerts' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Type a command or a host').fill('web server');
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Certificate of The web server' }).waitFor();
      await page.getByPlaceholder('Type a command or a host').waitFor({ state: 'hidden' });
      await page.keyboard.press('Shift+?');
      await page
        .getByRole('dialog', { name: 'Keyboard shortcuts' })
        .getByText('Search', { exact: true })
        .waitFor();
      await page.keyboard.press('Escape');
    });

    it('acknowledges an alert, and snoozes another until its certificate is renewed', async () => {
      await page.getByRole('link', { name: /^Alerts/ }).click();
      const alerts = page.getByRole('main').getByRole('listitem');
      const expires = alerts.filter({ hasText: /expires in 5 days/ });
      await expires.getByRole('button', { name: /^Snooze/ }).click();
      await page.getByRole('menuitem', { name: 'Until renewed' }).click();
      await expires.getByText('Snoozed until renewed').waitFor();
      // The alert was raised before the host had this name.
      const untrusted = alerts.filter({
        hasText: 'The web server shows a certificate from an untrusted issuer',
      });
      await untrusted.getByRole('button', { name: /^Acknowledge/ }).click();
      await untrusted.waitFor({ state: 'detached' });
      await page.getByText('All', { exact: true }).click();
      await untrusted.getByText(/^Acknowledged/).waitFor();
    });

    it('acknowledges all by keyboard, and shows that no alert is open', async () => {
      await page.getByText('Open', { exact: true }).click();
      const all = page.getByRole('button', { name: /^Acknowledge all/ });
      await all.focus();
      await page.keyboard.press('Enter');
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: 'Acknowledge all' })
        .and(page.locator(':focus'))
        .waitFor();
      await page.keyboard.press('Enter');
      await sees(page, /^No open alerts\./);
    });

    it('sets quiet hours, thresholds for all, and rules of a tag', async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('switch', { name: 'Quiet hours' }).click();
      await page.getByLabel('Quiet hours from').fill('21:30');
      await page.getByLabel('Quiet hours from').blur();
      await page.getByLabel('Warn below').fill('soon');
      await page.getByLabel('Warn below').blur();
      await sees(page, 'Write days, such as 20, or a percentage of the lifetime, such as 30 %.');
      await page.getByLabel('Warn below').fill('95 %');
      await page.getByLabel('Warn below').blur();
      await page.getByText(/^Write days/).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Add tag rule…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Tag', { exact: true }).fill('db');
      await dialog.getByLabel('Maintenance windows').fill('Noday 02:00-04:00');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText(/^Line 1: Write a window as/).waitFor();
      await dialog.getByLabel('Maintenance windows').fill('Sun 02:00-04:00');
      await dialog.getByLabel('Critical below').fill('3');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await sees(page, 'critical below 3 days, maintenance windows');
      await page.getByRole('button', { name: 'Remove db' }).click();
      await page.getByText('critical below 3 days').waitFor({ state: 'detached' });
      // They hold: what has less than 95 % of its life left is warned about, and the settings are kept.
      await page.getByRole('link', { name: /^All hosts/ }).click();
      await page.getByRole('link', { name: 'Settings' }).click();
      expect(await page.getByLabel('Quiet hours from').inputValue()).toBe('21:30');
      expect(await page.getByLabel('Warn below').inputValue()).toBe('95 %');
      await page.getByRole('switch', { name: 'Quiet hours' }).click();
      await page.getByLabel('Warn below').fill('');
      await page.getByLabel('Warn below').blur();
    });

    it('imports a file once it has shown what would happen, and exports', async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      const choose = page.locator('input[type=file]');
      const buffer = Buffer.from('host,port,tags\n127.0.0.1,9,imported\nlocalhost,x,\n');
      await choose.setInputFiles({ name: 'hosts.csv', mimeType: 'text/csv', buffer });
      const dialog = page.getByRole('dialog');
      await dialog.getByText('1 new, 1 not understood').waitFor();
      await dialog.getByText(/A port is a whole number/).waitFor();
      await dialog.getByRole('button', { name: 'Import' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: /^All hosts/ }).click();
      await row(page, '127.0.0.1:9').waitFor();
      await row(page, '127.0.0.1:9').getByRole('link').click();
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await row(page, '127.0.0.1:9').waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: 'Settings' }).click();
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export CSV' }).click();
      expect((await saved).suggestedFilename()).toBe('notafter.csv');
    });

    it('adds a channel of type Webhook, tries it, and removes it', async () => {
      const heard: string[] = [];
      const webhook = await listen(
        createServer((request, response) => {
          request.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
          request.on('end', () => response.end());
        }),
      );
      await page.getByRole('combobox', { name: 'Add channel' }).click();
      await page.getByRole('option', { name: 'Webhook', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('ops');
      await dialog.getByLabel('Address').fill('ftp://example.com');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Address is an http:// or https:// address.').waitFor();
      await dialog.getByLabel('Address').fill(`http://127.0.0.1:${webhook.port}/hook`);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page
        .getByRole('listitem')
        .filter({ hasText: 'ops' })
        .getByText('Webhook', { exact: true })
        .waitFor();
      await page.getByRole('button', { name: 'Test ops' }).click();
      await sees(page, 'Delivered to ops.');
      expect(JSON.parse(heard.join(''))).toMatchObject({ event: 'test' });
      await page.getByRole('button', { name: 'Remove ops' }).click();
      await page.getByRole('button', { name: 'Test ops' }).waitFor({ state: 'detached' });
      await webhook.close();
    });

    it('adds a channel from its address, tests it, edits it without its secret, and removes it', async () => {
      await using service = await receiveChannels();
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByLabel('Or paste its address').fill(`${service.url}/secret-place`);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('program');
      await dialog.getByLabel(/^Template/).fill('{ "text": {{title}} }');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText(/The template is not JSON \(line 1/).waitFor();
      await dialog.getByLabel(/^Template/).fill('{ "text": "{{title}}" }');
      await dialog.getByRole('button', { name: 'Show preview' }).click();
      await dialog.getByText(/"text": "Shop expires in 7 days"/).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Test program' }).click();
      await sees(page, 'Delivered to program.');
      expect(service.received.at(-1)).toMatchObject({
        path: '/secret-place',
        body: { text: 'NotAfter can reach you here' },
      });
      await page.getByRole('button', { name: 'Edit program' }).click();
      expect(await dialog.getByLabel('Address').inputValue()).toBe('');
      await dialog.getByLabel(/^Only hosts with these tags/).fill('shop');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await sees(page, 'Webhook, for shop');
      await page.getByRole('button', { name: 'Remove program' }).click();
      await page.getByRole('button', { name: 'Test program' }).waitFor({ state: 'detached' });
    });

    it('takes a share of the lifetime as a job’s threshold, and what of it is not said', async () => {
      await page.getByRole('link', { name: /^All hosts/ }).click();
      await row(page, 'The web server').getByRole('link').click();
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /^Alerts/ }).click();
      await dialog.getByLabel('Warn below').fill('40 %');
      await dialog.getByRole('combobox', { name: 'Don’t alert about' }).click();
      await page.getByRole('option', { name: 'Unexpected changes' }).click();
      await dialog.getByRole('button', { name: /^Notes/ }).click();
      await dialog.getByLabel('Notes').fill('Ask Grace first.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await sees(page, 'Ask Grace first.');
      await page.getByRole('button', { name: 'Edit' }).click();
      await dialog.getByRole('button', { name: /^Alerts/ }).click();
      expect(await dialog.getByLabel('Warn below').inputValue()).toBe('40 %');
      await dialog.getByText('Unexpected changes').first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    });

    describe('has no violation that axe finds, in light, dark, high contrast and forced colors', () => {
      const screens: Record<string, () => Promise<unknown>> = {
        list: () => page.getByRole('link', { name: /^All hosts/ }).click(),
        job: () => row(page, 'The web server').getByRole('link').click(),
        form: () => page.getByRole('button', { name: 'Edit' }).click(),
        'form unfolded': async () => {
          const dialog = page.getByRole('dialog');
          for (const section of [/^Connection/, /^Alerts/, /^Trust/, /^Client certificate/, /^Notes/])
            await dialog.getByRole('button', { name: section }).click();
        },
        'selected rows': async () => {
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.getByRole('checkbox', { name: 'Select The web server' }).click();
        },
        'tags of many': () => page.getByRole('button', { name: 'Tags…' }).click(),
        'schedule of many': async () => {
          await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.getByRole('button', { name: /^Schedule/ }).click();
        },
        alerts: async () => {
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.getByRole('checkbox', { name: 'Select The web server' }).click();
          await page.getByRole('link', { name: /^Alerts/ }).click();
        },
        'all alerts': () => page.getByText('All', { exact: true }).click(),
        settings: () => page.getByRole('link', { name: 'Settings' }).click(),
        'a channel': async () => {
          await page.getByRole('combobox', { name: 'Add channel' }).click();
          await page.getByRole('option', { name: 'Webhook', exact: true }).click();
          await page.getByRole('dialog').getByLabel('Name', { exact: true }).waitFor();
        },
        'rules of a tag': async () => {
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.getByRole('button', { name: 'Add tag rule…' }).click();
        },
        palette: async () => {
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await page.keyboard.press('Control+k');
          await page.getByPlaceholder('Type a command or a host').fill('go');
          await page.keyboard.press('ArrowDown');
        },
      };
      it.each(Object.entries(screens))('%s', async (screen, show) => {
        await show();
        await expectAccessible(page, screen);
      });
      afterAll(async () => {
        await page.keyboard.press('Escape');
        await page.getByRole('link', { name: /^All hosts/ }).click();
      });
    });

    it('deletes a job, and takes it back for ten seconds', async () => {
      const remove = async () => {
        await row(page, 'The web server').getByRole('link').click();
        await page.getByRole('button', { name: 'More actions' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await row(page, 'The web server').waitFor({ state: 'hidden' });
      };
      await remove();
      await page.getByRole('button', { name: 'Undo deleting The web server' }).click();
      await row(page, 'The web server').waitFor();
      await remove();
      await sees(page, /^1 host$/);
    });

    it('met no fault', () => expect(faults).toEqual([]));
  });
}
