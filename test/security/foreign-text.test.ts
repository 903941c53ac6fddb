import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  type CheckFormat,
  checkFormats,
  renderAll,
  renderOne,
} from '../../electron/cli/formats/check-formats.ts';
import { renderTable } from '../../electron/cli/formats/table.ts';
import { testMessage } from '../../electron/engine/channels/message.ts';
import { openFileLog } from '../../electron/engine/file-log.ts';
import { Prober } from '../../electron/engine/probe/prober.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import { connectionSchema } from '../../shared/schema/connection.ts';
import { webhookSchema } from '../../shared/schema/webhook.ts';
import {
  cutBytes,
  forChat,
  forEnvironment,
  forJson,
  forLog,
  forLogLines,
  forMenu,
  forNotification,
  forSlack,
  forTerminal,
  fromCell,
  toCell,
} from '../../shared/text/foreign-text.ts';
import { receiveChannels } from '../support/channel-receiver.ts';
import { makeCa } from '../support/pki.ts';
import { sendToWebhook } from '../support/send-to-webhook.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, serveTls } from '../support/tls-server.ts';

/** Names that a host, a certificate, a proxy or a list of hosts of others may bring. */
const hostile = {
  'escape sequences': 'a\u001b[2J\u001b]0;owned\u0007b',
  'C1 controls': 'a\u009b2Jb\u0090qb',
  'a carriage return': 'safe\rwarn all is well',
  'line breaks': 'a\n2026-11-25 10:00:00 error forged\r\n\u2028\u2029\u0085b',
  'bidirectional overrides': 'a\u202egnp.exe\u2066b\u2069\u200f',
  'a NUL': 'a\0b',
  'a Markdown link':
    '[your bank](https://evil.example) ![x](//evil.example/x.png) [a][b] <https://evil.example>',
  mentions: '@everyone @here <!channel> <@U123> <at>all</at> ＠all',
  tags: '<a href="//evil.example">x</a><img src=x><b>bold</b> &amp;',
  'a formula': '=HYPERLINK("https://evil.example")',
  'a formula after spaces': ' \u3000+1+1',
  'a formula in full width': '＝1+1',
  'an apostrophe before a formula': "'=1+1",
  'a lone surrogate': 'a\ud800b',
  'very much': 'x'.repeat(100_000),
};
const cases = Object.entries(hostile);
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const link = /:\/\/|\]\(|\]\[|\]:|<https?:|<a\b|<img\b|<at>/i;
const mention = /@(?!\u2060)|＠(?!\u2060)|<!/;

describe('text of others (findings 12, 24)', () => {
  it.each(cases)(
    'with %s reaches a terminal, a log, a menu and a notification in one visible line',
    (_, text) => {
      for (const show of [forTerminal, forLog, forMenu]) expect(show(text)).not.toMatch(invisible);
      expect(forNotification(text).replaceAll('\u2060', '')).not.toMatch(invisible);
      expect(forNotification(text)).not.toMatch(/<[a-z/!]/i);
      for (const show of [forLog, forMenu, forNotification, forChat])
        expect(show(text).length).toBeLessThan(10_000);
      expect(forMenu(text).replaceAll('&&', '')).not.toContain('&');
    },
  );

  it.each(cases)('with %s is no link and mentions nobody in a chat', async (_, text) => {
    for (const show of [forChat, forSlack]) {
      expect(show(text)).not.toMatch(link);
      expect(show(text)).not.toMatch(mention);
    }
    const message = { ...testMessage(0), title: text, body: text };
    for (const format of ['slack', 'teams'] as const) {
      await using chat = await receiveChannels();
      await sendToWebhook(webhookSchema.parse({ name: 'ops', url: chat.url, format }), message);
      const strings: string[] = [];
      JSON.parse(chat.received[0]?.text ?? '', (key, value: unknown) => {
        if (typeof value === 'string' && key === 'text') strings.push(value);
      });
      expect(strings.length).toBeGreaterThan(0);
      for (const one of strings) {
        expect(one).not.toMatch(link);
        expect(one).not.toMatch(mention);
      }
    }
  });

  it.each(cases)('with %s is no formula in a table, and comes back as it was', (_, text) => {
    expect(toCell(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
    expect(fromCell(toCell(text))).toBe(text);
  });

  it.each(cases)('with %s is JSON that a terminal shows, and the same to a program', (_, text) => {
    const json = forJson(JSON.stringify({ text }, null, 2));
    expect(json.replaceAll('\n', '')).not.toMatch(invisible);
    expect(JSON.parse(json)).toEqual({ text });
  });

  it.each(cases)('with %s can be a variable of a command', (_, text) => {
    expect(forEnvironment(text, 1_000)).not.toContain('\0');
    expect(Buffer.byteLength(forEnvironment(text, 1_000))).toBeLessThanOrEqual(1_000);
  });

  it('keeps what people write: letters of every script, joined emoji, markup that is none', () => {
    for (const text of ['Łódź – Zürich', 'نمی‌خواهم', '👩‍💻 ok', 'a < b & c'])
      expect(forTerminal(text)).toBe(text);
    expect(forChat('mail.example.com:993 expires in 3 days (a < b)')).toBe(
      'mail.example.com:993 expires in 3 days (a < b)',
    );
  });

  it('is cut between characters', () => {
    expect(cutBytes('üüü', 5)).toBe('üü');
    expect(cutBytes('a👩b', 4)).toBe('a');
    expect(cutBytes('abc', 3)).toBe('abc');
  });
});

describe('the command line (finding 12)', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream;

  async function resultWith(text: string): Promise<CheckResult> {
    const ca = makeCa('Root');
    await using server = await serveTls(ca.issue(), []);
    const prober = new Prober();
    const { result } = await prober.check({
      target: { host: 'localhost', port: server.port, servername: null, starttls: null },
      thresholds: { warning: null, critical: null },
      caFiles: [],
      timeoutMs: 5_000,
    });
    const [problem] = result.problems;
    if (!problem || !result.certificate) throw new Error('An untrusted certificate has a problem.');
    const certificate = { ...result.certificate, issuer: `CN=${text}`, subject: text };
    return { ...result, certificate, problems: [{ ...problem, message: text, remedy: text }] };
  }

  it.each(checkFormats)('shows no escape sequence of others as %s', async (format: CheckFormat) => {
    for (const text of Object.values(hostile).slice(0, 6)) {
      const named = { name: text, result: await resultWith(text) };
      const shown = (renderOne(format, named, stream) ?? '') + renderAll(format, [named], stream);
      expect(shown.replaceAll(/\r?\n/g, '')).not.toMatch(invisible);
      if (format === 'csv') expect(parse(shown) as string[][]).toHaveLength(2);
      if (format === 'text') expect(shown.trimEnd().split('\n')).toHaveLength(3);
      if (format === 'table') expect(shown.trimEnd().split('\n')).toHaveLength(2);
    }
  });

  it('lines up a table by what is shown', () => {
    const [head, one, other] = renderTable(
      ['A', 'B'],
      [
        ['\u001b[31m', 'x'],
        ['y', 'z'],
      ],
      stream,
    ).split('\n');
    expect([head, one, other].map((line) => line?.search(/[Bxz]/)).filter((at) => at !== 1)).toHaveLength(3);
    expect(one).toContain('\\u{1b}[31m');
  });
});

describe('the log (finding 12)', () => {
  it('has one entry for each, whatever names and errors hold', () => {
    using folder = temporaryFolder();
    const log = openFileLog({ path: folder.file('notafter.log'), echo: null });
    for (const text of Object.values(hostile)) {
      log.info(text);
      log.warn(text);
      log.error(text, new Error(text));
    }
    const lines = readFileSync(folder.file('notafter.log'), 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => /^\d{4}-\d\d-\d\d /.test(line))).toHaveLength(cases.length * 3);
    for (const line of lines) expect(line.replaceAll(/^ {4}/g, '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(forLogLines('a\n2026-11-25 forged')).toBe('a\n    2026-11-25 forged');
  });
});

describe('a proxy (finding 12)', () => {
  it('brings no escape sequence, NUL or flood of text into a result', async () => {
    const reason = `\u001b[2J\u202e${'x'.repeat(15_000)}`;
    await using proxy = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(`HTTP/1.1 502 ${reason}\r\n\r\n`));
      }),
    );
    const { result } = await new Prober().check({
      target: { host: 'localhost', port: 1, servername: null, starttls: null },
      thresholds: { warning: null, critical: null },
      caFiles: [],
      connection: connectionSchema.parse({ proxy: `http://127.0.0.1:${proxy.port}` }),
      timeoutMs: 5_000,
    });
    const message = result.unreachable?.message ?? '';
    expect(result.status).toBe('unreachable');
    expect(message).not.toMatch(invisible);
    expect(message.length).toBeLessThan(500);
  });
});
