import { connect } from 'node:net';
import { serveApi } from '../../support/api.ts';
import { mutate, noise, oneOf, type Random } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

const many = Number.MAX_SAFE_INTEGER;
let service: ReturnType<typeof serveApi> | undefined;

/** A service without the limits that would end a run of requests. */
function theService(): ReturnType<typeof serveApi> {
  service ??= serveApi({ requests: many, failures: many });
  return service;
}

type Piece = (random: Random) => string;
const methods: readonly Piece[] = [
  () => 'GET',
  () => 'POST',
  () => 'HEAD',
  () => 'OPTIONS',
  () => 'PATCH',
  () => 'CONNECT',
  () => 'get',
  (random) => noise(12, random).toString('latin1'),
];
const paths: readonly Piece[] = [
  () => '/healthz',
  () => '/',
  () => '//',
  () => '/docs/../healthz',
  () => '/api/v1/jobs?limit=1&sort=name',
  () => '/api/v1/jobs/%00',
  () => '/rpc/jobs/list?data=%7B%7D',
  () => '/calendar/x.ics',
  () => '/metrics',
  () => '/proof?nonce=x',
  () => '*',
  () => 'http://127.0.0.1/healthz',
  () => 'http://[::1',
  (random) => `/${'%'.repeat(random(40))}`,
  (random) => `/${'../'.repeat(random(60))}etc/passwd`,
  (random) => `/${'a'.repeat(random(20_000))}`,
  (random) => `/${noise(60, random).toString('latin1')}`,
];
const headers: readonly Piece[] = [
  () => 'Authorization: Bearer wrong',
  () => 'Authorization: Bearer',
  () => 'Origin: https://evil.example',
  () => 'Transfer-Encoding: chunked',
  () => 'Content-Length: 5',
  () => 'Content-Length: -1',
  () => 'Content-Type: application/json',
  () => 'Content-Type: text/csv',
  () => 'Expect: 100-continue',
  () => 'Upgrade: websocket\r\nConnection: upgrade',
  () => 'Accept-Encoding: gzip;q=0, *',
  () => 'If-Match: *',
  () => 'Last-Event-ID: x',
  (random) => `X-${'a'.repeat(random(18_000))}: b`,
  (random) => noise(80, random).toString('latin1'),
];
const bodies: readonly Piece[] = [
  () => '',
  () => '{}',
  () => '5\r\nhello\r\n0\r\n\r\n',
  (random) => '['.repeat(random(5_000)),
  (random) => noise(200, random).toString('latin1'),
];

/** How long a service may be silent before the case counts as hung, in milliseconds. */
const silenceMs = 10_000;

/** Sends bytes on a connection of their own and reads what comes until it is closed. */
function exchange(port: number, request: Buffer): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(silenceMs, () => {
    socket.destroy();
    reject(new Error('The service does not answer, and does not close the connection.'));
  });
  socket.on('data', (piece) => {
    if (answer.length < 1_000_000) answer += piece.toString('latin1');
  });
  socket.on('error', () => undefined); // The service may close before all is sent.
  socket.on('close', () => resolve(answer));
  socket.end(request);
  return promise;
}

/** Requests to a service on loopback: each is answered or its connection closed, and none is a fault in the log. */
export const http: FuzzTarget = {
  async run(random) {
    const { server, test, token } = await theService();
    const line = `${oneOf(methods, random)(random)} ${oneOf(paths, random)(random)} HTTP/1.1`;
    const fields = Array.from({ length: random(5) }, () => oneOf(headers, random)(random));
    const host = random(8) === 0 ? [] : [`Host: 127.0.0.1:${server.port}`];
    const access = random(3) === 0 ? [`Authorization: Bearer ${token()}`] : [];
    const head = [line, ...host, ...access, 'Connection: close', ...fields].join('\r\n');
    const made = Buffer.from(`${head}\r\n\r\n${oneOf(bodies, random)(random)}`, 'latin1');
    const answer = await exchange(server.port, random(2) === 0 ? mutate(made, random) : made);
    const faults = test.log.lines.filter((logged) => logged.startsWith('error'));
    if (faults.length > 0) throw new Error(faults.join('\n'));
    if (answer === '') return 'closed';
    const status = /^HTTP\/1\.1 (\d)\d\d /.exec(answer)?.[1];
    if (status === undefined || status === '5') throw new Error(`It answers ${answer.slice(0, 80)}`);
    return `${status}xx`;
  },
  mustMeet: ['2xx', '4xx'],
  async close() {
    const running = await service;
    service = undefined;
    await running?.[Symbol.asyncDispose]();
  },
};
