import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * Two network namespaces joined by a cable, as root: what addresses do on a real network. 10.99.0.2 has a TLS server, .4 is nobody's (the
 * kernel gives up asking for it after three seconds), .5 swallows every packet, and .3 comes to life late.
 */
const client = `notafter-client-${process.pid}`;
const server = `notafter-server-${process.pid}`;
const port = 4433;

function ip(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0) return false;
  const made = spawnSync('ip', ['netns', 'add', client]).status === 0;
  if (made) ip('netns', 'del', client);
  return made;
}

async function check(
  addresses: string[],
  more: { timeoutMs?: number; connection?: object } = {},
  meanwhile = () => {},
) {
  const request = { addresses, port, timeoutMs: 10_000, connection: {}, ...more };
  const script = join(import.meta.dirname, 'check-in-namespace.ts');
  const child = spawn('ip', ['netns', 'exec', client, process.execPath, script, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const closed = once(child, 'close');
  meanwhile();
  await closed;
  return JSON.parse(printed) as CheckResult;
}

const outcomes = ({ attempts }: CheckResult) =>
  attempts?.map(({ address, outcome }) => `${address} ${outcome}`);

describe.skipIf(!canMakeNamespaces())('addresses on a network of two', () => {
  const folder = temporaryFolder();
  const leaf = makeCa().issue({ sans: ['half.test'] });
  writeFileSync(folder.file('cert.pem'), leaf.pem);
  writeFileSync(folder.file('key.pem'), leaf.key);
  let tlsServer: ReturnType<typeof spawn>;

  beforeAll(async () => {
    for (const name of [client, server]) ip('netns', 'add', name);
    ip('-n', client, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'socket', 'netns', server);
    ip('-n', client, 'addr', 'add', '10.99.0.1/24', 'dev', 'cable');
    ip('-n', server, 'addr', 'add', '10.99.0.2/24', 'dev', 'socket');
    for (const [name, device] of [
      [client, 'cable'],
      [server, 'socket'],
    ] as const) {
      spawnSync('ip', ['netns', 'exec', name, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
      ip('-n', name, 'link', 'set', device, 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    ip('-n', client, 'neigh', 'add', '10.99.0.5', 'lladdr', '02:00:00:00:00:99', 'dev', 'cable');
    const files = ['-cert', folder.file('cert.pem'), '-key', folder.file('key.pem')];
    tlsServer = spawn(
      'ip',
      ['netns', 'exec', server, 'openssl', 's_server', '-accept', String(port), ...files],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    await vi.waitFor(async () => expect((await check(['10.99.0.2'])).status).not.toBe('unreachable'), {
      timeout: 20_000,
      interval: 100,
    });
  });

  afterAll(async () => {
    tlsServer.kill('SIGKILL');
    await once(tlsServer, 'close');
    for (const name of [client, server]) ip('netns', 'del', name);
    folder[Symbol.dispose]();
  });

  it('a good one that is slow is reached, though the second one is dead (node #54359)', async () => {
    // The kernel asks for the address once a second: it answers from the second time on, long after 250 ms.
    const result = await check(['10.99.0.3', '10.99.0.4'], {}, () => {
      const asked = () => ip('-n', client, 'neigh', 'show', '10.99.0.4').includes('INCOMPLETE');
      while (!asked()) spawnSync('true');
      ip('-n', server, 'addr', 'add', '10.99.0.3/24', 'dev', 'socket');
    });
    expect(result).toMatchObject({ address: '10.99.0.3', unreachable: null });
    expect(outcomes(result)).toEqual(['10.99.0.3 answered', '10.99.0.4 no-answer']);
    expect(result.timings.tcp).toBeGreaterThan(250);
  });

  it('one that drops packets holds the next one up by its delay alone', async () => {
    const result = await check(['10.99.0.5', '10.99.0.2']);
    expect(result).toMatchObject({ address: '10.99.0.2', unreachable: null });
    expect(outcomes(result)).toEqual(['10.99.0.5 no-answer', '10.99.0.2 answered']);
  });

  it('one that drops packets and one that is dead are told at the deadline, each by its own', async () => {
    const result = await check(['10.99.0.5', '10.99.0.4'], { timeoutMs: 5000 });
    expect(result.unreachable).toMatchObject({
      reason: 'timeout',
      message:
        'half.test did not answer within 5 seconds while connecting: 10.99.0.5 does not answer and 10.99.0.4 no route from this machine.',
    });
  });

  it('without IPv6 those of IPv6 are skipped, and that is said', async () => {
    const result = await check(['2001:db8::1', '10.99.0.2']);
    expect(result).toMatchObject({ address: '10.99.0.2', unreachable: null });
    expect(outcomes(result)).toEqual(['2001:db8::1 no-ipv6', '10.99.0.2 answered']);
    const all = await check(['2001:db8::1', '10.99.0.2'], { connection: { allAddresses: true } });
    expect(all.unreachable).toBeNull();
    expect(all.addresses?.map(({ address }) => address)).toEqual(['10.99.0.2']);
    expect((await check(['2001:db8::1'])).unreachable?.message).toBe(
      'half.test has only IPv6 addresses, and this machine has no IPv6.',
    );
  });
});
