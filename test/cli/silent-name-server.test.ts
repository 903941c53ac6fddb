import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { isHeld } from '../../electron/engine/store/folder-lock.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const program = join(import.meta.dirname, '../../dist/app/notafter.js');
/** A name server that counts what it is asked for and never answers. */
const silent = `
  const names = new Set();
  require('node:dgram').createSocket('udp4').on('message', (packet) => {
    const name = packet.subarray(12).toString('latin1').replace(/[\\x01-\\x1f]/g, '.').split('\\0')[0];
    if (!names.has(name)) process.stdout.write('asked ' + name + '\\n');
    names.add(name);
  }).bind(53, '127.0.0.1', () => process.stdout.write('listens\\n'));
`;
/** A network of its own, in which there is no other name server: on Linux, where people may make one. */
const network = ['--map-root-user', '--net', '--mount'];
const canSeparate = process.platform === 'linux' && spawnSync('unshare', [...network, 'true']).status === 0;

describe.runIf(canSeparate)('a service whose name server never answers', () => {
  it('ends at once when it is told to, with everything written, though look-ups run', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('resolv.conf'), 'nameserver 127.0.0.1\n');
    const script = `ip link set lo up && mount --bind ${folder.file('resolv.conf')} /etc/resolv.conf
      ${process.execPath} -e "$SILENT" &
      exec ${process.execPath} ${program} serve --port 0 --json --data ${folder.file('data')}`;
    const child = spawn('unshare', [...network, 'sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, SILENT: silent },
      detached: true,
    });
    try {
      const lines: string[] = [];
      const input = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      input.on('line', (line) => lines.push(line));
      await expect.poll(() => lines.filter((line) => /^\{|listens/.test(line)).length).toBe(2);
      const ready = JSON.parse(lines.find((line) => line.startsWith('{')) ?? '') as Ready;
      // Within its network: by nsenter, as whoever made it.
      const call = `fetch('${ready.url}api/v1/jobs/import', { method: 'POST', headers: { authorization: 'Bearer ${ready.token}', 'content-type': 'text/plain' }, body: Array.from({ length: 50 }, (_, i) => 'host' + i + '.example').join('\\n') })`;
      const inside = ['--user', '--net', '--preserve-credentials', '--target', String(ready.pid)];
      expect(spawnSync('nsenter', [...inside, process.execPath, '-e', call]).status).toBe(0);
      await expect.poll(() => lines.filter((line) => line.startsWith('asked'))).toHaveLength(2);
      const closed = once(child, 'exit') as Promise<[number | null, string | null]>;
      const begun = performance.now();
      process.kill(ready.pid, 'SIGTERM');
      expect(await closed).toEqual([null, 'SIGTERM']);
      // getaddrinfo alone would take ten seconds, and the queue behind it more than a minute.
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(isHeld(folder.file('data'))).toBe(false);
    } finally {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }
  });
});
