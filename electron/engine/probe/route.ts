import { type HostTarget, isIpv4, isIpv6, wireName } from '../../../shared/schema/target.ts';
import type { Resolve } from './addresses.ts';
import type { SpokenPorts } from './spoken-ports.ts';
import type { ReadingContexts } from './tls-contexts.ts';
import type { Preference } from './tls-reader/index.ts';

/** The way to a host: straight to what `resolve` gives, or through a proxy, which resolves by itself. */
export interface ProbeRoute {
  resolve: Resolve;
  proxy: string | null;
  /** PEM files that are trusted in addition to the usual roots, by which a proxy in TLS is verified. */
  caFiles: readonly string[];
  contexts: ReadingContexts;
  reader: 'light' | 'full';
  /** Which certificate a server with several is asked for; any but `any` needs the light reader. */
  preference: Preference;
  /** The name by which a mail server is greeted; null: this machine's own. */
  ehloName: string | null;
  /** What ports speak that speak no TLS. */
  spokenPorts: SpokenPorts;
}

/** The name sent as SNI: none for addresses (RFC 6066 §3). */
export function sniOf({ host, servername }: HostTarget): string | null {
  const name = servername ?? host;
  return isIpv4(name) || isIpv6(name) ? null : wireName(name);
}
