import { z } from 'zod';
import { toPlainText } from '../../../shared/domain/plain-text.ts';
import { addressItem, asName, asTags, type ImportItem, place } from './item.ts';

const text = z.string().nullish();

/** What of a monitor says where a certificate is: https://github.com/louislam/uptime-kuma, Settings → Backup. */
const monitorSchema = z.object({
  name: text,
  type: z.string(),
  url: text,
  hostname: text,
  port: z.coerce.number().nullish(),
  grpcUrl: text,
  grpcEnableTls: z.unknown().optional(),
  active: z.unknown().optional(),
  proxyId: z.number().nullish(),
  description: text,
  tags: z.array(z.object({ name: z.string(), value: text })).nullish(),
});
type Monitor = z.infer<typeof monitorSchema>;

/** Monitors of one HTTP address; Uptime Kuma tells them apart by what they look for in the answer. */
const httpTypes = ['http', 'keyword', 'json-query', 'real-browser', 'websocket-upgrade'];

/** Reads the monitors of Uptime Kuma's backup. Skips those that check no certificate, with a note. */
export function readUptimeKuma(monitors: readonly unknown[]): ImportItem[] {
  return monitors.map((value, index) => {
    const parsed = monitorSchema.safeParse(value);
    if (!parsed.success)
      return {
        ...place(index + 1, JSON.stringify(value) ?? ''),
        message: 'This is not a monitor of Uptime Kuma.',
      };
    const monitor = parsed.data;
    const name = asName(monitor.name ?? '');
    const address = addressOf(monitor);
    const at = place(index + 1, [name, 'message' in address ? '' : address.text].filter(Boolean).join(': '));
    if ('message' in address) return { ...at, message: address.message };
    const item = addressItem(at, address.text, {
      name,
      tags: asTags(
        (monitor.tags ?? []).map(({ name: tag, value: more }) => (more ? `${tag}: ${more}` : tag)),
      ),
      notes: toPlainText(monitor.description ?? '').slice(0, 10_000),
      paused: monitor.active === false || monitor.active === 0,
    });
    // A backup has its proxies elsewhere, with their passwords.
    return 'job' in item && monitor.proxyId ? { ...item, note: 'Left out: its proxy.' } : item;
  });
}

function addressOf(monitor: Monitor): { text: string } | { message: string } {
  const { type, url, hostname, port, grpcUrl } = monitor;
  if (httpTypes.includes(type) && url) {
    return /^(https|wss):/i.test(url) ? { text: url } : { message: 'Plain HTTP shows no certificate.' };
  }
  if (type === 'grpc-keyword' && grpcUrl) {
    return monitor.grpcEnableTls ? { text: grpcUrl } : { message: 'gRPC without TLS shows no certificate.' };
  }
  if (['port', 'smtp'].includes(type) && hostname) return { text: hostPort(hostname, port) };
  return { message: `A monitor of type ${type.slice(0, 40)} looks at no certificate.` };
}

function hostPort(hostname: string, port: number | null | undefined): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  return port === null || port === undefined ? host : `${host}:${port}`;
}
