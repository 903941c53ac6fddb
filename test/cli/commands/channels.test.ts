import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { serveSmtp } from '../../support/smtp-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let service: Service;

beforeAll(async () => {
  service = await Service.start(folder.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const channels = (...args: string[]) => runNotafter('channels', ...args, '--data', folder.path);
const listed = async () => JSON.parse((await channels('list', '--json')).stdout) as Record<string, unknown>[];

describe('notafter channels', () => {
  it('adds, tests, edits, lists and removes a mail channel', async () => {
    await using mail = await serveSmtp();
    const server = ['--host', '127.0.0.1', '--port', String(mail.port), '--security', 'none'];
    const added = await channels(
      'add',
      'mail',
      '--type',
      'email',
      ...server,
      '--from',
      'na@x.test',
      '--to',
      'ops@x.test',
    );
    expect(added).toMatchObject({ status: 0, stderr: '' });
    expect(await channels('test', 'mail')).toMatchObject({ status: 0, stdout: 'Delivered to mail.\n' });
    expect(mail.messages[0]?.data).toContain('Auto-Submitted: auto-generated');
    expect(
      await channels('edit', 'mail', '--to', 'a@x.test', '--to', 'b@x.test', '--severity', 'critical'),
    ).toMatchObject({
      status: 0,
    });
    expect(await listed()).toMatchObject([
      { name: 'mail', to: ['a@x.test', 'b@x.test'], severity: 'critical' },
    ]);
    expect((await channels('list')).stdout).toMatch(/mail +Email +critical/);
    expect(await channels('remove', 'mail')).toMatchObject({ status: 0, stdout: 'Removed mail.\n' });
    expect((await channels('list')).stdout).toBe('There are no channels.\n');
  });

  it('takes secrets from files, shows none of them, and keeps them where they were given for', async () => {
    await using gotify = await receiveChannels();
    await using other = await receiveChannels();
    writeFileSync(folder.file('gotify-token'), 'a-secret-token\n');
    const secret = ['--token-file', folder.file('gotify-token')];
    expect(await channels('add', 'push', '--type', 'gotify', '--url', gotify.url, ...secret)).toMatchObject({
      status: 0,
    });
    expect(JSON.stringify(await listed())).not.toContain('a-secret-token');
    expect(await listed()).toMatchObject([{ token: { set: true } }]);
    // Another field is edited without the secret; another address asks for it again.
    expect(await channels('edit', 'push', '--severity', 'warning')).toMatchObject({ status: 0 });
    const moved = await channels('edit', 'push', '--url', other.url);
    expect(moved.status).toBe(64);
    expect(moved.stderr).toContain('Enter this secret again: the channel has another address now.');
    expect(await channels('test', 'push')).toMatchObject({ status: 0 });
    expect(gotify.received[0]?.headers['x-gotify-key']).toBe('a-secret-token');
    expect(other.received).toEqual([]);
    await channels('remove', 'push');
    expect(readFileSync(folder.file('logs/notafter.log'), 'utf8')).not.toContain('a-secret-token');
  });

  it('lists the options of one type in the help, and the types where none is named', async () => {
    const { stdout } = await channels('add', '--type', 'ntfy', '--help');
    expect(stdout).toMatch(/--url <VALUE> +address of the ntfy server \(default: https:\/\/ntfy\.sh\)/);
    expect(stdout).toMatch(/--topic <VALUE>[\s\S]*\(required\)/);
    expect(stdout).not.toMatch(/--routing-key-file|--smtp|--room/);
    const all = (await channels('add', '--help')).stdout;
    expect(all).not.toMatch(/--topic|--room/);
    expect(all).toMatch(/^ {2}ntfy +Push notifications/m);
  });

  it.each([
    [
      'a public server in plain text',
      [
        '--type',
        'email',
        '--host',
        'mail.example.com',
        '--security',
        'none',
        '--from',
        'a@x.test',
        '--to',
        'b@x.test',
      ],
      'only sent to private addresses',
    ],
    ['an option of another type', ['--type', 'pagerduty', '--topic', 'ops'], 'PagerDuty has no --topic'],
    [
      'a secret among the words, with the option that reads it',
      ['--type', 'webhook', '--url', 'http://127.0.0.1:1/'],
      'Webhook reads --url from a file, because it is a secret: --url-file FILE, or - for standard input.',
    ],
    ['a type that is none', ['--type', 'pigeon'], 'pigeon'],
    [
      'a sender without @',
      ['--type', 'email', '--host', 'localhost', '--from', 'na', '--to', 'b@x.test'],
      'looks like ops@example.com',
    ],
    ['what is missing', ['--type', 'ntfy'], 'notafter: --topic: A topic is missing.'],
    [
      'a list that is missing',
      ['--type', 'email', '--host', 'localhost', '--from', 'a@x.test'],
      '--to: To is missing.',
    ],
    [
      'a secret that is missing, by the option of its file',
      ['--type', 'webhook'],
      '--url-file: Address is missing.',
    ],
    [
      'a line break in a header',
      [
        '--type',
        'email',
        '--host',
        'localhost',
        '--from',
        'a@x.test',
        '--to',
        'b@x.test',
        '--headers',
        'X-A: b\nBcc: c@x.test',
      ],
      'one line',
    ],
  ])('refuses %s', async (_, args, words) => {
    const refused = await channels('add', 'bad', ...args);
    expect(refused.status).toBe(64);
    expect(refused.stderr).toContain(words);
    expect(await listed()).toEqual([]);
  });
});
