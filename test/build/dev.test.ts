import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dev = join(import.meta.dirname, '../../build/dev.ts');

async function firstLine(output: Readable, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: output })) if (pattern.test(line)) return line;
  throw new Error(`It ended without ${pattern}.`);
}

describe('npm run dev', () => {
  it('serves the page from its sources in front of a running service, until Ctrl+C', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const { url, token } = service.ready;
    const child = spawn(process.execPath, [dev, '--service', url, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      // Vite may say first that it prepares its cache.
      const line = await firstLine(child.stdout, /^Page: /);
      const page = new URL(line.replace('Page: ', ''));
      expect(page.hostname).toBe('127.0.0.1');
      expect(await (await fetch(page)).text()).toContain('/@vite/client');
      expect(await (await fetch(new URL('/main.tsx', page))).text()).toContain('createRoot');
      const jobs = await fetch(new URL('/api/v1/jobs', page), {
        // A browser names the page that asks; the service would refuse a foreign one.
        headers: { authorization: `Bearer ${token}`, origin: page.origin },
      });
      expect(await jobs.json()).toEqual({ items: [], total: 0 });
      child.kill('SIGINT');
      expect(await once(child, 'close')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
    // It leaves alone the service that it did not start.
    expect((await service.call('GET', '/jobs')).status).toBe(200);
  });
});
