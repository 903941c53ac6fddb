import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../shared/schema/job.ts';
import type { KeptFind } from '../../shared/schema/saved-search.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, type TestServer } from '../support/tls-server.ts';
import { expectAccessible } from './axe.ts';
import { launchDesktop } from './desktop-app.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

const ca = makeCa('Discover Root');

describe('the page Discover', () => {
  let app: HeadlessApp;
  const servers: TestServer[] = [];
  const targets = () => servers.map(({ port }, index) => `127.27.0.${index + 1}:${port}`);
  beforeAll(async () => {
    for (const [index, name] of ['wiki.example.test', 'mail.example.test', 'strict.example.test'].entries()) {
      const { pem, key } = ca.issue({ name, notAfterDays: 40 });
      const own = tls.createSecureContext({ cert: pem, key });
      const isStrict = name.startsWith('strict');
      const server = tls.createServer({
        ...(isStrict ? {} : { cert: pem, key }),
        SNICallback: (asked, done) => done(null, !isStrict || asked === name ? own : undefined),
      });
      server.on('tlsClientError', () => undefined); // The search hangs up once it has seen enough.
      servers.push(await listen(server, `127.27.0.${index + 1}`));
    }
    app = await HeadlessApp.launch();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    for (const server of servers) await server.close();
  });
  const dialog = () => app.page.getByRole('dialog');
  /** The names of the finds that the service keeps. */
  const kept = async () => {
    const { body } = await app.service.call('GET', '/finds');
    // SAFETY: the API's list of finds.
    return (body as { items: KeptFind[] }).items.flatMap(({ names }) => names);
  };
  const button = (name: string | RegExp) => app.page.getByRole('button', { name });

  it('is reached by its link and by keys, and says what a search does', async () => {
    // The machine of the specs may be part of no private network.
    await app.page.route(/\/discoveries\/networks/, (route) =>
      route.fulfill({ json: { json: { items: ['192.168.77.0/24'] } } }),
    );
    await app.page.getByRole('link', { name: 'Discover' }).waitFor();
    await app.page.keyboard.press('g');
    await app.page.keyboard.press('d');
    await app.page.getByRole('heading', { name: 'Discover' }).waitFor();
    await sees(app.page, 'Find certificates that you do not watch yet.');
    await expectAccessible(app.page, 'Discover without searches');
    expect(await app.page.getByRole('link', { name: 'Discover' }).getAttribute('aria-current')).toBe('page');
  });

  it('offers the network of the machine, and starts nothing', async () => {
    await button('Search 192.168.77.0/24…').click();
    await dialog()
      .getByText(/^256 addresses: [\d,]+ connections, about /)
      .waitFor();
    expect(await dialog().getByLabel('Targets').inputValue()).toBe('192.168.77.0/24');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    const { body } = await app.service.call('GET', '/discoveries');
    expect(body).toEqual({ items: [], total: 0 });
  });

  it('shows the plan while it is typed, and what is wrong with it', async () => {
    await button('New search…').click();
    await dialog().getByLabel('Name', { exact: true }).fill('lab');
    await dialog().getByLabel('Targets').fill('10.0.0.0/24');
    await dialog().getByLabel('Ports').fill('443,8443');
    await dialog().getByText('256 addresses: 512 connections, about 26 seconds').waitFor();
    await dialog().getByLabel('Targets').fill('192.0.2.0/30');
    await dialog()
      .getByText(/4 addresses are public\. Scanning public addresses needs a person’s confirmation/)
      .waitFor();
    await dialog().getByLabel('Ports').fill('web,nothing');
    await dialog()
      .getByText(/“nothing” is not a port/)
      .waitFor();
    await expectAccessible(app.page, 'a new search');
  });

  it('saves a search, runs it, and lists what it found', async () => {
    await dialog().getByLabel('Targets').fill(targets().join('\n'));
    await dialog().getByLabel('Ports').fill('web');
    await dialog().getByLabel('Schedule').fill('0 3 * * 1');
    await dialog().getByText('Runs at 03:00, only on Monday').waitFor();
    await dialog().getByLabel('Hours').fill('at night');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Enter hours such as 22:00-06:00.').waitFor();
    await dialog().getByLabel('Hours').fill('');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    await sees(app.page, /ports web · at 03:00, only on Monday$/);
    await button('Run lab').click();
    await sees(app.page, /^Last run .*: 3 new$/);
    await sees(app.page, 'wiki.example.test');
    await sees(app.page, 'mail.example.test');
    await app.page.getByText('Needs a name 1').waitFor();
    await expectAccessible(app.page, 'finds');
  });

  it('adds one as a host, and ignores another', async () => {
    await button('Add wiki.example.test').click();
    await button('Add wiki.example.test').waitFor({ state: 'detached' });
    const { body } = await app.service.call('GET', '/jobs');
    // SAFETY: the API's list of jobs.
    expect((body as { items: JobView[] }).items).toMatchObject([
      { target: { host: '127.27.0.1', servername: 'wiki.example.test' } },
    ]);
    await app.page.getByLabel('Select mail.example.test').check();
    await sees(app.page, '1 find selected');
    await button('Ignore').first().click();
    await sees(app.page, 'Nothing to review.');
    await app.page.getByText('Ignored 1').click();
    await button('Stop ignoring mail.example.test').click();
    await sees(app.page, 'You have ignored nothing.');
    await app.page.getByText('Watched 1').click();
    await app.page.getByRole('link', { name: 'wiki.example.test' }).waitFor();
  });

  it('requests a name where a server needs one', async () => {
    await app.page.getByText('Needs a name 1').click();
    await button(/^Request a name at 127\.27\.0\.3/).click();
    await dialog().getByLabel('Name').fill('strict.example.test');
    await dialog().getByRole('button', { name: 'Save and run' }).click();
    await dialog().waitFor({ state: 'detached' });
    await sees(app.page, 'No server needs a name.');
    await app.page.getByText('New 2', { exact: true }).click();
    await sees(app.page, 'strict.example.test');
    await app.page.getByLabel('Select strict.example.test').check();
    await app.page.getByRole('button', { name: 'Forget', exact: true }).click();
    await app.page.getByText('New 1', { exact: true }).waitFor();
    await app.page.getByLabel('Select strict.example.test').waitFor({ state: 'detached' });
    expect(await kept()).toContain('strict.example.test');
    await button('Undo forgetting 1 find').click();
    await app.page.getByText('New 2', { exact: true }).waitFor();
    await app.page.getByLabel('Select strict.example.test').check();
    await app.page.getByRole('button', { name: 'Forget', exact: true }).click();
    await app.page.getByText('New 1', { exact: true }).waitFor();
    await app.page.keyboard.press('Control+z');
    await app.page.getByText('New 2', { exact: true }).waitFor();
    await app.page.getByLabel('Select strict.example.test').check();
    await app.page.getByRole('button', { name: 'Forget', exact: true }).click();
    await app.page.getByText('New 1', { exact: true }).waitFor();
    await app.page.reload(); // Leaving the page confirms it.
    await expect.poll(kept).not.toContain('strict.example.test');
    await app.page.getByText('New 1', { exact: true }).waitFor();
  });

  it('shows how far a run is, and stops it', async () => {
    const body = { name: 'wide', targets: ['127.27.9.0/24'], ports: '9443', limits: { perSecond: 2 } };
    await app.service.call('POST', '/discoveries', body);
    await button('Run wide').click();
    await app.page.getByRole('progressbar', { name: 'Progress of wide' }).waitFor();
    await app.page.getByText(/ of 256 · 0 TLS services · .* left$/).waitFor();
    await button('Stop wide').click();
    await sees(app.page, /^Stopped .*: nothing new$/);
    await button('Delete wide…').click();
    await button('Delete wide').click();
    await button('Run wide').waitFor({ state: 'detached' });
  });
});

describe('a search of public addresses on the desktop', () => {
  const folder = temporaryFolder();
  let app: Awaited<ReturnType<typeof launchDesktop>>;
  beforeAll(async () => {
    // It asks for more than public addresses may have: it is refused for that with consent, and nothing is sent.
    const service = await Service.start(folder.path);
    const body = { name: 'dmz', targets: ['192.0.2.0/30'], limits: { perSecond: 50 } };
    await service.call('POST', '/discoveries', body);
    await service[Symbol.asyncDispose]();
    app = await launchDesktop({ dataFolder: folder.path });
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const allow = () => app.page.getByRole('button', { name: 'Allow public addresses for dmz…' });

  it('runs after the person has agreed in a dialog of the system, and not before', async () => {
    await app.page.getByRole('link', { name: 'Discover' }).click();
    await app.page.getByRole('button', { name: 'Run dmz' }).click();
    await sees(app.page, /4 addresses are public/);
    await app.answerNext('Cancel');
    await allow().click();
    await expect
      .poll(async () => (await app.state()).questions)
      .toMatchObject([
        { message: 'Let the search “dmz” scan public addresses?', buttons: ['Allow', 'Cancel'] },
      ]);
    await sees(app.page, /4 addresses are public/);
    await app.answerNext('Allow');
    await allow().click();
    await sees(app.page, /A search of public addresses opens at most 20 connections per second\./);
    await allow().waitFor({ state: 'detached' });
  });
});
