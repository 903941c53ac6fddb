import { type NameFormat, nameFormats } from '../../../../shared/domain/discovery/name-formats.ts';
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

/** Every reader of names by its format. A new one is a file in `readers/`, an entry here, and its name in `nameFormats`. */
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
} as const satisfies Record<NameFormat, NameReader>;

/** Characters by which a format is recognized. */
const sampleLength = 256 * 1024;

/** Tells by its content which format a text has; null where it looks like none. */
export function nameFormatOf(text: string): NameFormat | null {
  const sample = text.slice(0, sampleLength);
  return nameFormats.find((format) => nameReaders[format].fits(sample)) ?? null;
}
