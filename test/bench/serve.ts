import { makeCa } from '../support/pki.ts';
import { serveTls } from '../support/tls-server.ts';

// A TLS server in a process of its own, so that a bench's CPU is the client's alone. It ends with its parent.
const root = makeCa('Bench Root', { key: 'rsa2048' });
const intermediate = root.issue({
  name: 'Bench Intermediate',
  isCa: true,
  sans: [],
  key: 'rsa2048',
  notAfterDays: 1000,
});
const leaf = intermediate.issue({ key: process.argv[2] === 'rsa' ? 'rsa2048' : 'p256' });
const { port } = await serveTls(leaf, [intermediate]);
process.send?.({ port, ca: root.pem });
process.on('disconnect', () => process.exit());
