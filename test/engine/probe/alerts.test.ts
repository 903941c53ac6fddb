import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { type HandshakeOptions, shakeHands } from '../../../electron/engine/probe/full-handshake.ts';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { readPresentation } from '../../../electron/engine/probe/tls-reader/read-presentation.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { makeCa } from '../../support/pki.ts';
import { servePlain, serveTls } from '../../support/tls-server.ts';

/** RFC 8446 §6, `enum AlertDescription`: all 27, as the RFC names and numbers them. */
const rfc8446: readonly [name: string, number: number][] = [
  ['close_notify', 0],
  ['unexpected_message', 10],
  ['bad_record_mac', 20],
  ['record_overflow', 22],
  ['handshake_failure', 40],
  ['bad_certificate', 42],
  ['unsupported_certificate', 43],
  ['certificate_revoked', 44],
  ['certificate_expired', 45],
  ['certificate_unknown', 46],
  ['illegal_parameter', 47],
  ['unknown_ca', 48],
  ['access_denied', 49],
  ['decode_error', 50],
  ['decrypt_error', 51],
  ['protocol_version', 70],
  ['insufficient_security', 71],
  ['internal_error', 80],
  ['inappropriate_fallback', 86],
  ['user_canceled', 90],
  ['missing_extension', 109],
  ['unsupported_extension', 110],
  ['unrecognized_name', 112],
  ['bad_certificate_status_response', 113],
  ['unknown_psk_identity', 115],
  ['certificate_required', 116],
  ['no_application_protocol', 120],
];

const fatal = 2;
const answering = (alert: number, level = fatal) =>
  servePlain((socket) =>
    socket.once('data', () => socket.write(Buffer.from([21, 3, 3, 0, 2, level, alert]))),
  );
const socketTo = (port: number): Socket => connect({ host: '127.0.0.1', port });
const byLight = (port: number) =>
  readPresentation(socketTo(port), { servername: null }, AbortSignal.timeout(5000));
const byFull = (port: number) =>
  shakeHands(socketTo(port), null, tls.createSecureContext(), AbortSignal.timeout(5000));

/** A sentence and the name after it; no number of a line in a library's source. */
const told = (name: string) => new RegExp(`^[A-Z][a-zA-Z ’,-]{10,} \\(alert ${name}\\)\\.$`);

async function messageOf(port: number, reader: 'light' | 'full'): Promise<string | undefined> {
  const checked = await new Prober().check({
    target: { host: 'localhost', port, servername: null, starttls: null },
    thresholds: { warning: null, critical: null },
    caFiles: [],
    timeoutMs: 1500,
    connection: connectionSchema.parse({ reader }),
  });
  return checked.result.unreachable?.message;
}

describe('an alert of RFC 8446', () => {
  it('has its own words', async () => {
    expect(rfc8446).toHaveLength(27);
    const sentences = new Set<string>();
    for (const [, alert] of rfc8446) {
      await using server = await answering(alert);
      sentences.add((await byLight(server.port).catch((error: Error) => error.message)) as string);
    }
    expect(sentences.size).toBe(27);
  });

  it.each(rfc8446)('%s is told by name and in words, by either reader', async (name, alert) => {
    await using server = await answering(alert);
    await expect(byLight(server.port)).rejects.toThrow(told(name));
    // node:tls says nothing of close_notify: the server ends the connection, or the deadline does.
    if (alert !== 0) await expect(byFull(server.port)).rejects.toThrow(told(name));
    expect(await messageOf(server.port, 'light')).toMatch(told(name));
  });

  it('is told where the full reader alone looks', async () => {
    await using server = await answering(48);
    expect(await messageOf(server.port, 'full')).toMatch(told('unknown_ca'));
  });
});

describe('an alert', () => {
  it.each([1, 199, 254, 255])(
    'of number %i, which has no name, is told by its number and asks for no second look',
    async (alert) => {
      await using server = await answering(alert);
      expect(await messageOf(server.port, 'light')).toMatch(told(`number ${alert}`));
      expect(server.connections).toBe(1);
      // node:tls reports nothing of it: found where the bytes come in, and not by the deadline.
      expect(await messageOf(server.port, 'full')).toMatch(told(`number ${alert}`));
    },
  );

  it('of number 199 is told by the full reader though the server hangs up after it', async () => {
    await using server = await servePlain((socket) =>
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, fatal, 199]))),
    );
    expect(await messageOf(server.port, 'full')).toMatch(told('number 199'));
  });

  it('sent as a warning explains why the server hangs up after it', async () => {
    await using server = await servePlain((socket) =>
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 1, 90]))),
    );
    await expect(byLight(server.port)).rejects.toThrow(told('user_canceled'));
    expect(await messageOf(server.port, 'light')).toMatch(told('user_canceled'));
  });
});

/** Shakes hands over a socket of which is counted how often bytes pass through JavaScript. */
async function shakeCounted(port: number, options?: HandshakeOptions) {
  const socket = socketTo(port);
  const pushed = vi.spyOn(socket, 'push');
  const context = tls.createSecureContext();
  const outcome = await shakeHands(socket, null, context, AbortSignal.timeout(5000), options).then(
    ({ chain }) => chain.length,
    (error: Error) => error.name,
  );
  return { outcome, passes: pushed.mock.calls.filter(([chunk]) => chunk !== null).length };
}

describe('the full reader', () => {
  it('leaves the bytes of a server to node:tls, and sees each on its way only where it has to', async () => {
    const ca = makeCa();
    await using server = await serveTls(ca.issue(), [ca]);
    expect(await shakeCounted(server.port, { quietMs: 5000 })).toEqual({ outcome: 2, passes: 0 });
    const seen = await shakeCounted(server.port);
    expect(seen.outcome).toBe(2);
    expect(seen.passes).toBeGreaterThan(0);
  });

  it('is done with a server that answered and then says nothing more, and waits for one that has not answered', async () => {
    await using quiet = await servePlain((socket) =>
      socket.once('data', () => socket.write(Buffer.from([22]))),
    );
    expect((await shakeCounted(quiet.port, { quietMs: 1 })).outcome).toBe('LastWordUnheard');
    await using silent = await servePlain(() => undefined);
    const ended = shakeHands(
      socketTo(silent.port),
      null,
      tls.createSecureContext(),
      AbortSignal.timeout(100),
      {
        quietMs: 1,
      },
    );
    await expect(ended).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
  });

  it('asks a server again that falters after its first byte, and reads what it shows', async () => {
    const ca = makeCa();
    await using honest = await serveTls(ca.issue(), [ca]);
    let connections = 0;
    await using faltering = await servePlain((socket) => {
      connections += 1;
      if (connections === 1) socket.once('data', () => socket.write(Buffer.from([22])));
      else socket.pipe(socketTo(honest.port)).pipe(socket);
    });
    const { result } = await new Prober().check({
      target: { host: 'localhost', port: faltering.port, servername: null, starttls: null },
      thresholds: { warning: null, critical: null },
      caFiles: [],
      timeoutMs: 10_000,
      connection: connectionSchema.parse({ reader: 'full' }),
    });
    expect(result.certificate).not.toBeNull();
    expect(connections).toBe(2);
  });
});
