import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { readPresentation } from '../../electron/engine/probe/tls-reader/index.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findProgram } from './real-server.ts';

/*
 * Certificate compression (RFC 8879) as BoringSSL does it: `npm run test:servers`. Debian's GnuTLS and OpenSSL 3.0 and Node's OpenSSL are built
 * without it; Debian's android-libboringssl-dev has it.
 */
const [headers, library] = ['/usr/include/android', '/usr/lib/x86_64-linux-gnu/android'];
const isInstalled = existsSync(`${headers}/openssl/is_boringssl.h`) && findProgram('gcc') !== null;
if (!isInstalled)
  process.stdout.write('Not installed, and so not tested: android-libboringssl-dev, libbrotli-dev\n');

function build(program: string): void {
  const source = join(import.meta.dirname, 'compressing-server.c');
  const libraries = ['-lssl', '-lcrypto', '-lbrotlienc', '-lz'];
  execFileSync('gcc', [
    ...['-o', program, source, `-I${headers}`, `-L${library}`, `-Wl,-rpath,${library}`],
    ...libraries,
  ]);
}

describe.skipIf(!isInstalled)('the light reader', () => {
  const ca = makeCa('Compression Root', { key: 'rsa2048' });
  const leaf = ca.issue({ key: 'rsa2048', sans: ['localhost'] });

  it.each(['zlib', 'brotli'])('reads a certificate that BoringSSL compressed by %s', async (algorithm) => {
    using folder = temporaryFolder();
    build(folder.file('server'));
    writeFileSync(folder.file('cert.pem'), leaf.pem + ca.pem);
    writeFileSync(folder.file('key.pem'), leaf.key);
    const args = [folder.file('cert.pem'), folder.file('key.pem'), algorithm];
    const server = spawn(folder.file('server'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(server, 'close');
    try {
      const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
      const { value: port } = await lines.next();
      const socket = connect(Number(port), '127.0.0.1');
      const presented = await readPresentation(
        socket,
        { servername: 'localhost' },
        AbortSignal.timeout(10_000),
      );
      expect(presented).toMatchObject({ protocol: 'TLSv1.3', isKeyProven: true });
      expect(presented.chain.map((der) => der.equals(leaf.der) || der.equals(ca.der))).toEqual([true, true]);
      // BoringSSL compresses only for a client that offers it.
      const { value: sizes } = await lines.next();
      const [before, after] = String(sizes).split(' to ').map(Number);
      expect(after).toBeLessThan(before ?? 0);
    } finally {
      server.kill('SIGKILL');
      await closed;
    }
  });
});
