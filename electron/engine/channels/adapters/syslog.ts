import { once } from 'node:events';
import { hostname } from 'node:os';
import type { Channel } from '../../../../shared/schema/channels/channel.ts';
import { cutBytes, printable } from '../../../../shared/text/foreign-text.ts';
import { errorCode } from '../../error-code.ts';
import { type ChannelAdapter, type ChannelContext, ChannelUnreachable, type Sent } from '../adapter.ts';
import { overTls } from '../transport.ts';

/** RFC 5424 §6.2.1, tables 1 and 2. */
const facilities = {
  user: 1,
  daemon: 3,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
const severities = { info: 5, warning: 4, critical: 2 } as const;
/** Every receiver takes 480 bytes and should take 2,048 (§6.1); over UDP, 1,024 pass every path. */
const maxDatagram = 1024;
const maxFrame = 8192;

export const adapter: ChannelAdapter<'syslog'> = {
  async send(message, channel, context) {
    const header = `<${facilities[channel.facility] * 8 + severities[message.severity]}>1 ${message.at} ${nameOf(hostname())} notafter ${process.pid} ${message.event} -`;
    const lines =
      message.alerts.length > 1
        ? message.alerts.map(({ alert }) => alert.title)
        : [`${message.title}. ${message.body}`];
    const limit = channel.transport === 'udp' ? maxDatagram : maxFrame;
    // MSG-UTF8 begins with a byte order mark (§6.4).
    const records = lines
      .slice(0, 500)
      .map((line) => Buffer.from(cutBytes(`${header} \ufeff${printable(line, 4000)}`, limit)));
    if (channel.transport !== 'udp') return sendFrames(records, channel, context);
    await context.datagrams(channel, records);
    return { ok: true };
  },
};

function nameOf(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-';
}

/** Octet counting (RFC 6587 §3.4.1, and RFC 5425 §4.3 over TLS): a line break in a text cannot start another message. */
async function sendFrames(
  records: readonly Buffer[],
  { host, port, transport }: Channel<'syslog'>,
  context: ChannelContext,
): Promise<Sent> {
  // Before there is a connection, which a file that cannot be read would leave open.
  const ca = await context.trusted();
  const plain = await context.connect(host, port);
  const socket = transport === 'tls' ? overTls(plain, host, { ca }) : plain;
  const onAbort = () => socket.destroy(new Error('The time is up.'));
  context.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (transport === 'tls') await once(socket, 'secureConnect');
    const failed = once(socket, 'close');
    socket.end(Buffer.concat(records.flatMap((record) => [Buffer.from(`${record.length} `), record])));
    socket.resume();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('finish', resolve).once('error', reject);
    await Promise.race([promise, failed]);
    return { ok: true };
  } catch (error) {
    throw new ChannelUnreachable(`It could not be reached (${errorCode(error) ?? 'no answer'}).`, {
      cause: error,
    });
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}
