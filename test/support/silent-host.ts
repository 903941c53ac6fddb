import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Listens and never accepts: the queue of each port is filled by the test, and the kernel drops what comes after (tcp(7), listen(2)). */
const child = `
const { createServer } = require('node:net');
const [host, ...ports] = process.argv.slice(1);
let left = ports.length;
for (const port of ports)
  createServer().listen({ host, port: Number(port), backlog: 1 }, () => {
    left -= 1;
    if (left > 0) return;
    require('node:fs').writeSync(1, 'ready');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** An address that answers no connection on some ports: `await using host = await …`. */
export async function silentHost(host: string, ports: readonly number[]): Promise<AsyncDisposable> {
  const program = spawn(process.execPath, ['-e', child, host, ...ports.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(program.stdout, 'data');
  const fillers = ports.flatMap((port) => Array.from({ length: 4 }, () => connect({ host, port })));
  for (const socket of fillers) socket.on('error', () => undefined); // Dropped with the host.
  // Two fit into a queue of one; the others are never answered.
  await Promise.all(ports.map((_, index) => once(fillers[index * 4] ?? program, 'connect')));
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of fillers) socket.destroy();
      program.kill('SIGKILL');
      await once(program, 'close');
    },
  };
}
