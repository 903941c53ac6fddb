import type { NameReader } from './name-source.ts';
import { apache } from './readers/apache.ts';
import { caddy } from './readers/caddy.ts';
import { etcHosts } from './readers/etc-hosts.ts';
import { haproxy } from './readers/haproxy.ts';
import { kubeconfig } from './readers/kubeconfig.ts';
import { kubernetes } from './readers/kubernetes.ts';
import { nginx } from './readers/nginx.ts';
import { traefik } from './readers/traefik.ts';
import { zone } from './readers/zone.ts';

/** Every reader of names by its format, the more particular ones first. A new one is a file in `readers/` and an entry here. */
export const nameReaders = {
  kubeconfig,
  kubernetes,
  nginx,
  apache,
  haproxy,
  caddy,
  traefik,
  zone,
  'etc-hosts': etcHosts,
} as const satisfies Record<string, NameReader>;

export type NameFormat = keyof typeof nameReaders;

/** SAFETY: Object.entries forgets what the keys are. */
const entries = Object.entries<NameReader>(nameReaders) as [NameFormat, NameReader][];

/** Every format that can be named, in the order of the table. */
export const nameFormats: readonly NameFormat[] = entries.map(([format]) => format);

/** Characters by which a format is recognized. */
const sampleLength = 256 * 1024;

/** Tells by its content which format a text has; null where it looks like none. */
export function nameFormatOf(text: string): NameFormat | null {
  const sample = text.slice(0, sampleLength);
  return entries.find(([, reader]) => reader.fits(sample))?.[0] ?? null;
}
