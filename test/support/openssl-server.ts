import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Issued } from './pki.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** OpenSSL's own test server on a free loopback port, ended with the test. */
export async function serveByOpenssl(
  leaf: Issued,
  behind: readonly Issued[],
  args: readonly string[],
): Promise<AsyncDisposable & { port: number }> {
  const folder = temporaryFolder();
  writeFileSync(folder.file('leaf.pem'), leaf.pem);
  writeFileSync(folder.file('key.pem'), leaf.key);
  writeFileSync(folder.file('chain.pem'), behind.map(({ pem }) => pem).join(''));
  const child = spawn(
    'openssl',
    [
      's_server',
      '-accept',
      '127.0.0.1:0',
      '-cert',
      folder.file('leaf.pem'),
      '-key',
      folder.file('key.pem'),
      '-cert_chain',
      folder.file('chain.pem'),
      '-naccept',
      '5',
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const closed = once(child, 'close');
  const port = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = /^ACCEPT 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (found !== undefined) port.resolve(Number(found));
  });
  void closed.then(() => port.reject(new Error(`openssl s_server ended: ${errors}`)));
  return {
    port: await port.promise,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
      folder[Symbol.dispose]();
    },
  };
}
