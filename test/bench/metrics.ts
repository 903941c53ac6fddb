import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildIfNeeded } from '../../build/build.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fillFolder } from './filled-folder.ts';

/** What a scrape of `/metrics` costs beside a bare server that sends the same text, and how long others wait meanwhile. */

const sizes = [1_000, 10_000];
const rounds = 5;

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function fetchText(url: URL, token: string): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return response.text();
}

/** Asks for something small, again and again, until the work is done. @returns the longest wait in ms */
async function longestWait(url: URL, work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const begun = performance.now();
    const request = get(url, { agent: false });
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    longest = Math.max(longest, performance.now() - begun);
  }
  return longest;
}

async function measure(size: number): Promise<void> {
  using folder = temporaryFolder();
  await using filled = await fillFolder(folder, size);
  const service = await Service.start(filled.dataFolder, ...filled.caArgs);
  const { url, token } = service.ready;
  const metrics = new URL('metrics', url);
  let text = await fetchText(metrics, token);
  const bare = createServer((_request, response) => response.end(text));
  await once(bare.listen(0, '127.0.0.1'), 'listening');
  const bareUrl = new URL(`http://127.0.0.1:${(bare.address() as AddressInfo).port}/`);
  const times: number[] = [];
  const bareTimes: number[] = [];
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let begun = performance.now();
    await fetchText(bareUrl, token);
    bareTimes.push(performance.now() - begun);
    begun = performance.now();
    const scrape = fetchText(metrics, token).then((answer) => {
      times.push(performance.now() - begun);
      text = answer;
    });
    waits.push(await longestWait(new URL('healthz', url), scrape));
  }
  bare.close();
  const cells = [
    size.toLocaleString('en'),
    `${(Buffer.byteLength(text) / 2 ** 20).toFixed(1)} MB`,
    `${median(bareTimes).toFixed(0)} ms`,
    `${median(times).toFixed(0)} ms`,
    `${median(waits).toFixed(0)} ms`,
    `${Math.max(...waits).toFixed(0)} ms`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(12)).join('')}\n`);
  await service.end('SIGTERM');
}

await buildIfNeeded();
process.stdout.write(
  `${['jobs', 'text', 'bare', 'scrape', 'others wait', 'at most'].map((cell) => cell.padStart(12)).join('')}\n`,
);
for (const size of sizes) await measure(size);
